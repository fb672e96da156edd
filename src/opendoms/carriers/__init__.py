"""Carriers, and their connections to the facilities that they come to."""
