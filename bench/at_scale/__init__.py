"""Search at 1,000,000 orders: `make bench-search`."""
