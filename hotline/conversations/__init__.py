"""A call while people talk: who is in it, on hold, rung or gone, and what its agent may do next."""
