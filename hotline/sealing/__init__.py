"""Sealed matters: discipline leads, who may know what of them, and the log of who read them."""
