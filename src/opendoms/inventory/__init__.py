"""Stock: what facilities list, what lies in them, what is held for orders, and what is kept back."""
