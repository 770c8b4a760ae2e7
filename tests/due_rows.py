"""Rows that are due now, of every kind that the sweep looks for, as many as one likes and written at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from hotline.contacts.models import Contact
from hotline.database import Base
from hotline.dispatch.models import Assignment, AssignmentRole
from hotline.follow_up.models import FollowUp
from hotline.questions.models import UnitQuestion
from hotline.screening.models import InfoRequest
from hotline.suspension.models import Suspension, SuspensionState
from hotline.tickets.models import Ticket
from hotline.tickets.states import Channel, State
from tests.factories import City

BRINGS = ("sign", "resume", "info_timeout", "info_received", "close", "archive", "master_closed")
"""The moves that they bring, each as often as there are rows of a kind."""


def fill(city: City, each: int) -> dict[str, int]:
    """So many of each kind. Returns how often which move has to be made."""
    maker = _Maker(city)
    with city.context.writing() as session:
        session.add_all(row for _ in range(each) for row in maker.one_of_each())
    return dict.fromkeys(BRINGS, each)


@dataclass
class _Maker:
    city: City
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def past(self) -> datetime:
        return self.city.context.now() - timedelta(hours=1)

    def one_of_each(self) -> Iterator[Base]:
        yield self.lead(self.ticket(State.DISPATCHED), auto_sign_at=self.past)
        yield from self.suspended()
        yield from self.asked_twice()
        yield from self.asked_by_unit()
        yield FollowUp(ticket=self.ticket(State.CALLBACK), owed_at=self.past, due_at=self.past)
        yield self.ticket(State.CLOSED, closed_at=self.past - timedelta(days=40))
        late = self.ticket(State.HANDLING, due_at=self.past)
        yield self.lead(late, dispatched_at=self.past - timedelta(days=7))
        master = self.ticket(State.CLOSED, closed_at=self.past)
        yield self.ticket(State.MERGED, master=master, holder_id=None)

    def ticket(self, state: State, **fields: object) -> Ticket:
        number, at = next(self.numbers), self.past - timedelta(days=60)
        contact = Contact(channel=Channel.PHONE, source_ref=f"due-{number}", received_at=at)
        common = {
            "contact": contact,
            "number": f"C{number:010d}",
            "state": state,
            "channel": Channel.PHONE,
            "complainant_phone": f"138{number:08d}",
            "received_at": at,
            "holder_id": self.city.water_id,
            "due_at": self.past + timedelta(days=30),
        }
        return Ticket(**{**common, **fields})

    def lead(self, ticket: Ticket, **fields: object) -> Assignment:
        far = self.past + timedelta(days=30)
        common = {
            "ticket": ticket,
            "department_id": self.city.water_id,
            "role": AssignmentRole.LEAD,
            "dispatched_at": self.past,
            "sign_due_at": far,
            "contact_due_at": far,
            "due_at": ticket.due_at,
        }
        return Assignment(**{**common, **fields})

    def suspended(self) -> Iterator[Base]:
        ticket = self.ticket(State.SUSPENDED)
        yield self.lead(ticket)
        yield Suspension(
            ticket=ticket,
            department_id=self.city.water_id,
            asked_at=self.past,
            asked_by_id=self.city.leader.user_id,
            reason="等管网改造",
            plan="明年改造",
            review_at=self.past,
            state=SuspensionState.SUSPENDED,
            due_at=self.past,
            due_before=ticket.due_at,
            decided_at=self.past - timedelta(days=9),
        )

    def asked_twice(self) -> Iterator[Base]:
        ticket = self.ticket(State.NEED_INFO, holder_id=None, due_at=None)
        for due_at in (None, self.past):
            asked = self.past - timedelta(days=9)
            yield InfoRequest(
                ticket=ticket, question="哪一栋楼？", asked_at=asked, answer_by=self.past, due_at=due_at
            )

    def asked_by_unit(self) -> Iterator[Base]:
        ticket = self.ticket(State.NEED_INFO_UNIT)
        yield self.lead(ticket)
        yield UnitQuestion(
            ticket=ticket,
            department_id=self.city.water_id,
            question="几点没有水？",
            asked_at=self.past - timedelta(days=9),
            asked_by_id=self.city.handler.user_id,
            answer_by=self.past,
            due_before=ticket.due_at,
            due_at=self.past,
        )
