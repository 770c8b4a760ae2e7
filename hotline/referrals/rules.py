"""Which classes are referred in the open, who follows them, and as what a ticket is closed by one."""

from collections.abc import Mapping

from hotline.people.actors import Role
from hotline.tickets.states import ScreeningClass

OPEN_CLASSES = (ScreeningClass.PETITION, ScreeningClass.MEDIA)
"""Discipline leads are sealed (`hotline.sealing`)."""
WATCHERS = (Role.SCREENER, Role.SUPERVISOR, Role.DIRECTOR, Role.AUDITOR)
"""Of the hotline, which follows every referral."""
EMERGENCY_TAKEN = "emergency_taken"
OUTCOMES: Mapping[ScreeningClass, str] = {
    ScreeningClass.PETITION: "petition_taken",
    ScreeningClass.MEDIA: "media_result",
}
