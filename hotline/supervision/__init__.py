"""Supervision (督办): the ladder of rulebook B6, from a reminder to the hand-over."""
