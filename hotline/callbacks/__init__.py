"""Callbacks that we owe callers who did not reach anybody: each keeps its place in the line."""
