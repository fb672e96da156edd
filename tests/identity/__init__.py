"""Identity: tokens, keys, users, the sign-in calls, outside issuers."""

from __future__ import annotations
