"""Delivery promises: which place sends what, by which carrier and when; decided without I/O."""
