"""Watching the line: calls out that are limited, and alarms that somebody must look at."""
