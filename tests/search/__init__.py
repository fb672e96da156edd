"""Searches by index: every engine against the plain evaluation of the same filter over the same documents."""
