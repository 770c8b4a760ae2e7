"""Follows what people say: Asterisk sends each speaker's sound here, consoles get the words."""
