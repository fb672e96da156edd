"""Stock: what is held, by whom, and for how long."""
