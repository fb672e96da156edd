"""Imports: files of order records, taken in through the rules that serve the API, from where they stopped."""
