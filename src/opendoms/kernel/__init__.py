"""Small values that every slice shares. Imports nothing else of ours."""
