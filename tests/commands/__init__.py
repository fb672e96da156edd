"""Commands in this process, and how they end when something is in their way."""
