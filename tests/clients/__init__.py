"""Clients that others publish, unchanged, against the hub."""
