"""The end of personal data, on a whole hub."""
