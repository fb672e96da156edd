"""The wire types and the API description, held against each other and against the contract."""
