"""Recorded calls: their files, and the speech recogniser that writes down what was said."""
