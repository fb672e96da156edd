"""HTTP: routing, decoding, errors, authentication and the API description, all derived from the route table."""
