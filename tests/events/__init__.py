"""The relay with receivers on this machine: order, retries, crashes, several processes."""
