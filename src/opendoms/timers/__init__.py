"""What is due later: claimed by one worker, handed to the slice that owns it."""
