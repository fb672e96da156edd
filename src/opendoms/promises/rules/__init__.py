"""What becomes of goods with their order, and what of it is told."""
