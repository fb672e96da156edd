"""What happened: every event in order, to be followed, and the versions of one order."""
