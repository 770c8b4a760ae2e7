"""Who acts: the roles of rulebook B13 and the actor that every use case is told of."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Roles of rulebook B13; a person may hold several, but never both sides of one decision."""

    CITIZEN = "citizen"
    AGENT = "agent"
    SCREENER = "screener"
    MEDIA_SCREENER = "media_screener"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    UNIT_REVIEWER = "unit_reviewer"
    ASSIST_UNIT = "assist_unit"
    REVIEWER = "reviewer"
    CALLBACK_AGENT = "callback_agent"
    SUPERVISOR = "supervisor"
    DIRECTOR = "director"
    GOVERNMENT_OFFICE = "government_office"
    INSPECTION_OFFICE = "inspection_office"
    LEADER = "leader"
    PETITION_OFFICE = "petition_office"
    DISCIPLINE = "discipline"
    ANALYST = "analyst"
    ASSESSOR = "assessor"
    PUBLISHER = "publisher"
    KNOWLEDGE_EDITOR = "knowledge_editor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


AT_A_SEAT = (Role.AGENT, Role.SUPERVISOR)
"""Who may have calls at their telephone: agents those of the queue, supervisors those that they take over."""


class NotPermitted(PermissionError):
    """The actor's roles do not allow this; names the actor and what was tried."""

    def __init__(self, actor: "Actor", deed: str) -> None:
        super().__init__(f"{actor.name} ({', '.join(sorted(actor.roles)) or 'no role'}) may not {deed}")
        self.actor = actor
        self.deed = deed


@dataclass(frozen=True)
class Actor:
    """A person or the system in the moment of acting. `department_id` is the handling unit they act for;
    `department_code` is how lists that are data name it; `unmasked` are ids of tickets whose citizen they
    have had shown in full (`hotline.viewing`)."""

    user_id: int | None
    name: str
    roles: frozenset[Role]
    department_id: int | None = None
    department_name: str = ""
    department_code: str = ""
    unmasked: frozenset[int] = frozenset()

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds one of the roles."""
        return not self.roles.isdisjoint(roles)

    def must_have(self, deed: str, *roles: Role) -> None:
        """Raise `NotPermitted` unless the actor holds one of the roles."""
        if not self.has(*roles):
            raise NotPermitted(self, deed)


SYSTEM = Actor(None, "system", frozenset({Role.SYSTEM}))


def citizen(name: str = "citizen") -> Actor:
    """The citizen of a matter, acting by telephone key or on the public page."""
    return Actor(None, name, frozenset({Role.CITIZEN}))
