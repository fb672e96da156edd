"""The end of personal data: what is due, what becomes of it, and the task that does it."""
