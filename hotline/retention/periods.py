"""How many days what is kept for how long, and the check of what a settings file says."""

from collections.abc import Mapping

RETENTION_DAYS: Mapping[str, int] = {
    "audio": 730,
    "message": 730,
    "transcript": 3650,
    "ticket": 3650,
    "draft": 730,
    "file": 3650,
}
"""Two years, the least that the rulebook allows for recordings; ten for what holds personal data."""


def periods(days: Mapping[str, int]) -> dict[str, int]:
    """All periods, those that were not given as they are by default. Raises `ValueError`."""
    if unknown := sorted(set(days) - set(RETENTION_DAYS)):
        raise ValueError(f"unknown: {', '.join(unknown)}; there are: {', '.join(RETENTION_DAYS)}")
    if any(number < 0 for number in days.values()):
        raise ValueError("days are 0 (never) or more")
    return {**RETENTION_DAYS, **days}
