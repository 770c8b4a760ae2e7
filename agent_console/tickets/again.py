"""What comes again in a ticket's life, in words, and its earlier and later tickets of the same matter."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from agent_console.words import _
from hotline.tickets.again import counted
from hotline.tickets.links import recurrences
from hotline.tickets.models import Ticket


@dataclass(frozen=True)
class AgainShown:
    """`words` for what happened at least once; ids of the tickets `before` and `after` this one."""

    words: Sequence[str]
    before: Collection[int]
    after: Collection[int]


def again_shown(session: Session, ticket: Ticket) -> AgainShown:
    """Numbers of other tickets are not among the words: who may read which is the page's to say."""
    before, after = recurrences(session, ticket.id)
    times = counted(line.event for line in ticket.history)
    words = [
        (len(before), _("同一件事以前办过 %(count)d 次", count=len(before))),
        (len(after), _("办结后又发生 %(count)d 次", count=len(after))),
        (times.reminded, _("催办 %(count)d 次", count=times.reminded)),
        (times.handed_on, _("再次派单 %(count)d 次", count=times.handed_on)),
        (times.returned, _("退单 %(count)d 次", count=times.returned)),
        (times.reworked, _("转重办 %(count)d 次", count=times.reworked)),
        (times.reopened, _("重新办理 %(count)d 次", count=times.reopened)),
    ]
    told = [word for count, word in words if count]
    return AgainShown(told, [one.id for one in before], [one.id for one in after])
