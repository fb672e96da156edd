"""Facilities: the shops and warehouses that orders and records refer to."""
