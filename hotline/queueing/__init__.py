"""The line in which callers wait: skills, places, and how long it will take."""
