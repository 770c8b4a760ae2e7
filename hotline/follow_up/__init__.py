"""Callbacks to citizens after the reply: attempts, satisfaction, outcome, rework."""
