"""Speed is guarded by plans: every read of orders is served by an index."""
