"""Tags: what may be said about an order, and the values it may be said with."""
