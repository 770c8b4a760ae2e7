"""The tickets of a season, and their way through the services, day by day.

118 days, 819,900 tickets and a closing rate of 97.66 % of the complaints that came by telephone are the
campaign's (requirements 002-02, 002-03); half of everything are consultations (004-41); 57 departments take
part (001-10).
The shares of channels and of the other types are assumed: no source gives them.
"""

import random
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import TypeVar

from sqlalchemy import select

from benchmarks._writes import Notes
from hotline.archiving.service import archive_due
from hotline.calls.service import open_call
from hotline.context import Context
from hotline.dispatch.models import Category
from hotline.dispatch.service import dispatch, sign
from hotline.follow_up import service as follow_up
from hotline.intake.service import Came, take_in
from hotline.people.actors import Actor, Role
from hotline.people.models import Department
from hotline.replies.models import Adoption, ContactWay
from hotline.replies.service import ReplyForm, record_contact, submit_reply, write_reply
from hotline.review.rules import Signal
from hotline.review.service import accept_reply
from hotline.screening.answering import answer_directly
from hotline.screening.service import Screened, accept
from hotline.tickets.models import Question
from hotline.tickets.service import Draft, register, save_draft
from hotline.tickets.states import TicketType
from tests.factories import FakeTelephone, FixedClock, local, user

T = TypeVar("T")

DAYS = 118
TICKETS = 819_900
DEPARTMENTS = 57
CLOSED_COMPLAINTS = 0.9766
BEGINS = local("2020-03-05 09:00")
CHANNELS = {"DH": 0.90, "LX": 0.06, "LF": 0.04}
TYPES = {
    TicketType.CONSULTATION: 0.50,
    TicketType.COMPLAINT: 0.30,
    TicketType.HELP: 0.15,
    TicketType.SUGGESTION: 0.05,
}
ANSWERED_AT_ONCE = 0.8  # of the consultations
DISTRICTS = [f"第{n}区" for n in range(12)]
CODES = [f"class{one}.kind{two}" for one in range(12) for two in range(5)]
_ROADS = [f"{name}路" for name in ("幸福", "长江", "海天", "人民", "和平", "解放", "中山", "建设")]
_MATTERS = (
    "水管爆裂路面积水",
    "夜间施工噪声扰民",
    "路灯不亮",
    "暖气不热",
    "垃圾多日未清运",
    "违停堵住消防通道",
)
_DONE = (
    "已更换阀门并恢复供水",
    "已责令停工并立案",
    "已更换灯具",
    "已排气并调压",
    "已清运并增设车次",
    "已拖离并划线",
)


@dataclass(frozen=True)
class Matter:
    """One ticket on its way. `unit` is the how-manieth department."""

    ticket_id: int
    unit: int
    text: str


@dataclass
class AnsweringCitizens(FakeTelephone):
    """Everybody picks up; nine of ten are satisfied."""

    context: Context | None = None
    calls: Iterator[int] = field(default_factory=count)

    def call_citizen(self, number: str, attempt_id: int, channel_id: str) -> None:
        assert self.context is not None
        follow_up.attempt_answered(self.context, attempt_id)
        satisfaction = 4 if next(self.calls) % 10 == 9 else 2
        follow_up.record_answers(self.context, attempt_id, True, satisfaction, digits=f"1{satisfaction}")


@dataclass
class Season:
    """A city, and what is under way in it: the matters of yesterday, of the day before, and so on."""

    context: Context
    clock: FixedClock
    staff: dict[Role, Actor]
    units: list[tuple[int, Actor, Actor]]
    notes: Notes
    chance: random.Random
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    closed: int = 0
    arrived: int = 0

    def __post_init__(self) -> None:
        self.under_way: deque[list[Matter]] = deque([[], []], maxlen=2)
        self.telephone = AnsweringCitizens(context=self.context)

    def day(self, day: int, tickets: int) -> None:
        """What a day brings, and what is done on it with what came before."""
        self.clock.set(BEGINS + timedelta(days=day))
        to_sign, to_approve = self.under_way
        self.under_way.appendleft(self.dispatched(self.accepted(self.taken_in(tickets))))
        self.clock.advance(hours=1)
        self.handled(to_sign)
        done = [matter for matter in to_approve if self.chance.random() < CLOSED_COMPLAINTS]
        self.submitted(done)
        self.reviewed(done)
        self.clock.advance(hours=1)
        self._asked()
        with self.notes.stage("archive"):
            while archive_due(self.context):
                pass

    def _as(self, role: Role) -> Context:
        return self.context.acting_as(self.staff[role])

    def taken_in(self, tickets: int, unit: int | None = None) -> list[Matter]:
        """So many come in. Returns those that a department is needed for, the one that is named or any."""
        matters = [matter for _ in range(tickets) if (matter := self._one(unit)) is not None]
        self.arrived += tickets
        return matters

    def _one(self, unit: int | None) -> Matter | None:
        kind, channel = _drawn(self.chance, TYPES), _drawn(self.chance, CHANNELS)
        number, which = next(self.numbers), self.chance.randrange(len(_MATTERS))
        draft = self._draft(kind, which)
        at_once = kind is TicketType.CONSULTATION and self.chance.random() < ANSWERED_AT_ONCE
        with self.notes.stage("intake"):
            if channel == "DH":
                ticket_id = self._called(number, draft, at_once)
            else:
                came = Came(channel, self.context.now())
                ticket_id = take_in(self._as(Role.AGENT), f"paper-{number}", came, draft).ticket_id
        if channel == "DH" and at_once:
            self.closed += 1
            return None
        any_unit = self.chance.randrange(len(self.units))
        return Matter(ticket_id, any_unit if unit is None else unit, f"{_DONE[which]}，编号 {number}。")

    def _called(self, number: int, draft: Draft, at_once: bool) -> int:
        agent = self._as(Role.AGENT)
        ticket_id = open_call(self.context, f"season-{number}", draft.complainant_phone, "12345").ticket_id
        if at_once:
            answer_directly(agent, ticket_id, "请带身份证到办事大厅办理。", "便民服务办法第三条", draft)
            return ticket_id
        save_draft(agent, ticket_id, replace(draft, demands=None))
        register(agent, ticket_id, draft)
        return ticket_id

    def _draft(self, kind: TicketType, which: int) -> Draft:
        chance = self.chance
        return Draft(
            type=kind,
            category_code=chance.choice(CODES),
            district=chance.choice(DISTRICTS),
            address=f"{chance.choice(_ROADS)} {chance.randrange(1, 300)} 号",
            description=f"{_MATTERS[which]}，{chance.randrange(2, 30)} 天了，希望尽快解决。",
            demands=[f"解决{_MATTERS[which]}"],
            complainant_name="王小明",
            complainant_phone=f"139{chance.randrange(TICKETS // 3):08d}",
        )

    def accepted(self, matters: list[Matter]) -> list[Matter]:
        """By the screener."""
        for matter in matters:
            with self.notes.stage("screening"):
                accept(self._as(Role.SCREENER), matter.ticket_id, Screened())
        return matters

    def dispatched(self, matters: list[Matter]) -> list[Matter]:
        """Each to its department."""
        for matter in matters:
            with self.notes.stage("dispatch"):
                dispatch(self._as(Role.DISPATCHER), matter.ticket_id, self.units[matter.unit][0])
        return matters

    def handled(self, matters: list[Matter]) -> None:
        """Signed, the citizen spoken with, a reply written."""
        for matter in matters:
            handling = self.context.acting_as(self.units[matter.unit][1])
            with self.notes.stage("sign"):
                sign(handling, matter.ticket_id)
            with self.context.reading() as session:
                asked = session.scalars(select(Question.id).where(Question.ticket_id == matter.ticket_id))
                answers = dict.fromkeys(asked.all(), matter.text)
                form = ReplyForm(matter.text, answers, adoption=Adoption.TAKEN)  # kept of suggestions alone
            with self.notes.stage("handling"):
                record_contact(handling, matter.ticket_id, ContactWay.PHONE, reached=True)
                write_reply(handling, matter.ticket_id, form)

    def submitted(self, matters: list[Matter]) -> None:
        """By the department's leader."""
        for matter in matters:
            with self.notes.stage("approval"):
                submit_reply(self.context.acting_as(self.units[matter.unit][2]), matter.ticket_id)

    def reviewed(self, matters: list[Matter]) -> None:
        """By the hotline, which finds nothing perfunctory."""
        for matter in matters:
            with self.notes.stage("review"):
                accept_reply(self._as(Role.REVIEWER), matter.ticket_id, judged=dict.fromkeys(Signal, False))

    def _asked(self) -> None:
        with self.notes.stage("callback"):
            while placed := follow_up.dial_due(self.context, self.telephone, limit=200):
                self.closed += placed


def founded(context: Context, clock: FixedClock, notes: Notes, chance: random.Random) -> Season:
    """The same city for the services and for the driver: same people, same ids."""
    with context.writing() as session:
        session.add_all(Category(code=code, name_zh=code, name_en=code) for code in CODES)
        departments = [Department(code="hotline", name_zh="热线", name_en="hotline", is_hotline=True)]
        units = range(DEPARTMENTS)
        departments += [Department(code=f"d{n}", name_zh=f"第{n}局", name_en=f"d{n}") for n in units]
        session.add_all(departments)
        session.flush()
        hotline_id, *unit_ids = [department.id for department in departments]
    roles = (Role.AGENT, Role.SCREENER, Role.DISPATCHER, Role.REVIEWER, Role.CALLBACK_AGENT, Role.SUPERVISOR)
    staff = {role: user(context, hotline_id, role, username=role) for role in roles}
    units = [
        (
            unit_id,
            user(context, unit_id, Role.HANDLER, username=f"handler{n}"),
            user(context, unit_id, Role.UNIT_REVIEWER, username=f"head{n}"),
        )
        for n, unit_id in enumerate(unit_ids)
    ]
    return Season(context, clock, staff, units, notes, chance)


def _drawn(chance: random.Random, shares: Mapping[T, float]) -> T:
    return chance.choices(list(shares), list(shares.values()))[0]
