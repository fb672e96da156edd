"""The runner of timers and the clock of a sandbox."""
