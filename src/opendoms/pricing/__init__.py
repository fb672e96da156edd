"""Price totals: one formula for orders and order records."""
