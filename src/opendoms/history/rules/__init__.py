"""What history tells of documents, as pure functions."""
