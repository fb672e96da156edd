"""What order records must satisfy, and what makes two of them the same."""
