"""Promises and the goods of orders on both engines, without the API around them: moves, races, many at once."""
