"""Every behaviour of the store, written once and held against both engines."""
