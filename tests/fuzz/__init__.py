"""Random requests against the real server."""
