"""Whether the hub is up, for balancers and readiness probes."""
