"""The city's places by name: districts, streets, roads, communities; and how to hear them in a text."""
