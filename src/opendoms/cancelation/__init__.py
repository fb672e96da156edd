"""Cancelation reasons: why orders are cancelled, in words that the tenant chose."""
