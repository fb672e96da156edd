"""Processes: what belongs to one order, seen together. Derived from the order, save what was said about it itself."""
