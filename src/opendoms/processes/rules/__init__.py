"""What a process is and how it changes, as pure functions."""
