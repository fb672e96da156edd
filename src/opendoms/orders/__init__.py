"""Orders: taken in, read, listed and edited."""
