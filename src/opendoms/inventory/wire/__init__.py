"""The wire types of stock."""
