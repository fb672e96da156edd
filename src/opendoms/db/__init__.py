"""The store: one seam, two engines, one behaviour."""
