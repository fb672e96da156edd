"""The tenant's configuration documents."""
