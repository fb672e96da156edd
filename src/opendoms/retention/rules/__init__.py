"""When persons go out of a document, when it goes as a whole, and what is left of its history."""
