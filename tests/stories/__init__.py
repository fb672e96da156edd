"""Journeys through the real server and command line."""
