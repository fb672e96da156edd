"""The wheel, as somebody installs it."""
