"""Everything that tells of a person, table by table, and what becomes of it after its period. One list.

A test walks every table of the hotline: a column of text or JSON that stands neither here nor in
`hotline/retention/impersonal.py` fails it. Whoever adds a column decides then, not ten years later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a value."""

    EMPTY = "empty"  # nothing is left of it
    MASK = "mask"  # a word for its kind in the place of names, numbers and doors; nothing of a hidden matter
    FACTS = "facts"  # of a JSON object: numbers, yes and no, and what `KEPT_FACTS` names


@dataclass(frozen=True)
class Share:
    """What of a table belongs to a ticket or a contact: `of` are pairs of own column and table that it names.

    `goes`: the rows go as a whole.
    """

    of: tuple[tuple[str, str], ...]
    fates: Mapping[str, Fate] = field(default_factory=dict)
    goes: bool = False


@dataclass(frozen=True)
class Aged:
    """Rows that name no ticket: old by the first of `moments` that is filled.

    `unless` is a column that names a contact: a row in which it is filled goes with its contact.
    """

    moments: tuple[str, ...]
    fates: Mapping[str, Fate]
    unless: str = ""


def _fates(fate: Fate, *columns: str) -> dict[str, Fate]:
    return dict.fromkeys(columns, fate)


_E, _M, _F = Fate.EMPTY, Fate.MASK, Fate.FACTS
_OF_TICKET = (("ticket_id", "ticket"),)
_OF_CALL = (("call_id", "call"),)
_OF_CONTACT = (("contact_id", "contact"),)

# District, street, category, times, clocks, outcome and ratings stay: they are what statistics count.
PERSONAL: Mapping[str, Share] = {
    "ticket": Share(
        (("id", "ticket"),),
        {
            **_fates(_E, "query_code", "complainant_name", "complainant_phone", "address", "respondent"),
            "description": _M,
        },
    ),
    "question": Share(_OF_TICKET, _fates(_M, "text", "answer")),
    "history_line": Share(_OF_TICKET, {"reason": _M, "changes": _F}),
    "info_request": Share(_OF_TICKET, _fates(_M, "question", "answer")),
    "unit_question": Share(_OF_TICKET, _fates(_M, "question", "answer")),
    "direct_answer": Share(_OF_TICKET, _fates(_M, "text", "basis")),
    "refusal": Share(_OF_TICKET, _fates(_M, "basis", "right_channel", "told", "reason", "second_reason")),
    "coordinator": Share(_OF_TICKET, {"reason": _M}),
    "coordination_meeting": Share(_OF_TICKET, {"decisions": _M}),
    "leader_brief": Share(_OF_TICKET, {"text": _M}),
    "referral": Share(_OF_TICKET, _fates(_M, "reason", "receipt", "result", "back_reason")),
    "return_request": Share(_OF_TICKET, _fates(_M, "cited", "reason", "decision")),
    "extension_request": Share(_OF_TICKET, _fates(_M, "plan", "decision")),
    "appeal": Share(_OF_TICKET, _fates(_M, "words", "finding", "decision")),
    "suspension": Share(_OF_TICKET, _fates(_M, "reason", "plan", "decision")),
    "contact_record": Share(_OF_TICKET, {"note": _E}),
    "recheck": Share(_OF_TICKET, _fates(_M, "what", "found")),
    "site_visit": Share(_OF_TICKET, {"place": _E, "found": _M}),
    "reply": Share(
        _OF_TICKET,
        {
            "internal_text": _E,
            **_fates(_M, "public_text", "unsolved_reason", "return_reason", "adoption_reason"),
        },
    ),
    "reply_verdict": Share(_OF_TICKET, {"reason": _M}),
    "judged_signal": Share((("verdict_id", "reply_verdict"),), _fates(_E, "about", "spans")),
    "supervision_case": Share(_OF_TICKET, _fates(_M, "reason", "answer", "decision")),
    "instruction": Share(_OF_TICKET, _fates(_M, "text", "feedback")),
    "inspection": Share(_OF_TICKET, {"place": _E, **_fates(_M, "account", "conclusion")}),
    "inspection_finding": Share((("inspection_id", "inspection"),), _fates(_M, "text", "correction")),
    "inspection_correction": Share((("finding_id", "inspection_finding"),), {"text": _M}),
    "joint_supervision": Share(_OF_TICKET, _fates(_M, "reason", "result")),
    "joint_note": Share((("joint_id", "joint_supervision"),), _fates(_M, "text", "answer")),
    "joint_draft": Share((("joint_id", "joint_supervision"),), {"text": _M}),
    "incident": Share(
        (("master_id", "ticket"),), {"address": _E, **_fates(_M, "title", "known", "demand", "told_zh")}
    ),
    "incident_line": Share((("incident_id", "incident"),), {"reason": _M, "changes": _E}),
    "follow_up": Share(_OF_TICKET),
    "attempt": Share((("follow_up_id", "follow_up"),), {"heard": _E}),
    "attachment": Share(_OF_TICKET, goes=True),
    "enclosure": Share(_OF_TICKET, goes=True),
    "dossier": Share(_OF_TICKET, {"receiver": _E, "reason": _M}),
    # What came with the contact goes with the last of its tickets.
    "contact": Share((("id", "contact"),), {"number": _E}),
    "arrival": Share(_OF_CONTACT, {"source_number": _E, "late_reason": _M}),
    "mail_letter": Share(_OF_CONTACT, _fates(_E, "sender", "subject", "left_out", "message_id")),
    "web_matter": Share(_OF_CONTACT, {"aside_why": _M}),
    "call": Share(_OF_CONTACT),
    "call_leg": Share(_OF_CALL, _fates(_E, "channel", "spans")),
    "conversation_party": Share(_OF_CALL, _fates(_E, "channel", "label", "number")),
    "owed_callback": Share(_OF_CALL, {"number": _E, "done_reason": _M}),
    "review_finding": Share(_OF_CALL, _fates(_E, "words", "value")),
    "live_segment": Share(_OF_CALL, goes=True),
    # Of both: whichever is named.
    "hand_over": Share((*_OF_TICKET, *_OF_CALL), {"summary": _E}),
    "legal_hold": Share((*_OF_TICKET, *_OF_CALL), _fates(_M, "reason", "lift_reason")),
}

AGED: Mapping[str, Aged] = {
    "mail_letter": Aged(
        ("came_at",), _fates(_E, "sender", "subject", "left_out", "message_id"), unless="contact_id"
    ),
    "suggestion_choice": Aged(("at",), {"text": _E}),
    "barred_caller": Aged(
        ("ends_at", "decided_at", "proposed_at"), _fates(_E, "number", "details", "note", "call_ids")
    ),
}

KEPT_FACTS = frozenset(
    {
        "lead_name",
        "responsible",
        "suggested_name",
        "designated_name",
        "ground",
        "basis",
        "extension_ground",
        "because",
        "exceptional_ground",
        "appeal",
        "rejection_grounds",
        "code",
        "service",
        "body",
        "coordinator",
        "chair",
        "departments",
        "screening_class",
        "disposition",
        "urgency",
        "track",
        "way",
        "purpose",
        "level",
        "notice",
        "due_at",
        "due_before",
        "due_after",
        "decision_due_at",
        "reply_by",
        "correct_by",
        "review_at",
        "recheck_on",
        "visited_at",
        "answer_by",
        "rule",
        "other_number",
        "incident",
        "mail",
        "unsent_because",
    }
)
"""Facts of a history line that are words or moments and tell of offices, clocks and classes alone."""
