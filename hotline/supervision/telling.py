"""What a department reads in a ticket's history: of supervision what was issued, no proposals; nothing of
what its citizen asks the hotline. Pure."""

from collections.abc import Sequence

from hotline.people.actors import Actor
from hotline.supervision.rules import Level
from hotline.tickets.models import HistoryLine
from hotline.tickets.privacy import HOTLINE_ROLES, OFFICE_ROLES

_AMONG_DECIDERS = ("supervision_proposed", "supervision_dropped", "report_late")
_BETWEEN_CITIZEN_AND_HOTLINE = (
    "withdrawal_asked",
    "withdrawal_checked",
    "withdrawal_not_reached",
    "withdrawal_refused",
)
"""Nobody of the department learns that its citizen was asked whether somebody pressed them."""
_AMONG_PARTNERS = ("joint_note", "joint_question", "joint_answered", "joint_drafted")
_TOLD_AT_ONCE = (Level.L0, Level.L1)
"""A reminder or an urging begins and is told in one; what begins higher is told with its own line, issued."""


def lines_for(actor: Actor, lines: Sequence[HistoryLine]) -> Sequence[HistoryLine]:
    """The lines that the actor reads: all for the hotline and the offices that supervise."""
    if actor.has(*HOTLINE_ROLES, *OFFICE_ROLES):
        return lines
    return [line for line in lines if not _is_among_deciders(line)]


def _is_among_deciders(line: HistoryLine) -> bool:
    if line.event == "supervision_begun":
        return line.changes.get("level") not in _TOLD_AT_ONCE
    if line.event == "late_seen":
        return not line.changes.get("notice")  # of an instruction: the hotline is late itself
    if line.event == "supervision_superseded":
        return bool(line.changes.get("was_proposed"))
    return line.event in (*_AMONG_DECIDERS, *_AMONG_PARTNERS, *_BETWEEN_CITIZEN_AND_HOTLINE)
