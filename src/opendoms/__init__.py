"""opendoms: an open, self-hosted distributed order management system."""

from __future__ import annotations

__version__ = "0.1.0"
