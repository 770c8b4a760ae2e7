"""One event that many citizens call about: signals of it, what is known, its tickets under one master."""
