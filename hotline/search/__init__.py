"""Finding what was said, for whoever may hear it."""
