"""What holds of stock: pure."""
