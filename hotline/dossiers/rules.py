"""Who may order a ticket's file, and what of it stays in the house. Pure."""

from collections.abc import Mapping

from hotline.people.actors import Actor, Role
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality

ROLES = (Role.REVIEWER, Role.SUPERVISOR, Role.DIRECTOR)
"""Reviewers see the citizen (B13), so theirs is complete; supervisors and the director get a masked one."""

INTERNAL_TABLES = frozenset(
    {
        "supervision_case",
        "instruction",
        "inspection",
        "inspection_finding",
        "inspection_correction",
        "joint_supervision",
        "joint_note",
        "joint_draft",
        "incident",
        "incident_line",
        "return_request",
        "extension_request",
        "suspension",
        "reply_verdict",
        "judged_signal",
        "review_finding",
        "legal_hold",
    }
)
"""How the offices dealt with one another: no personal data of the citizen's, and not theirs to have."""

INTERNAL_COLUMNS: Mapping[str, frozenset[str]] = {
    "reply": frozenset({"internal_text", "return_reason"}),
    "contact_record": frozenset({"note"}),
    "refusal": frozenset({"reason", "second_reason"}),
    "appeal": frozenset({"finding"}),
    "history_line": frozenset({"reason", "changes", "actor_name"}),
}

SKIPPED = frozenset({"live_segment", "dossier"})
"""What was understood during the call is what the transcript says better; orders are not the matter's."""

OURS_ALONE: Mapping[str, frozenset[str]] = {"ticket": frozenset({"query_code"})}
"""Whoever has it acts as the citizen on the progress page."""


class DossierRefused(ValueError):
    """It is not made: `field` of the form says where, an empty one that the ticket is sealed or a draft."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def may_order(actor: Actor, ticket: Ticket) -> bool:
    """Sealed leads have their own way out: the referral (decision 0044)."""
    sealed = ticket.confidentiality is Confidentiality.SEALED
    return actor.has(*ROLES) and not sealed and ticket.number is not None
