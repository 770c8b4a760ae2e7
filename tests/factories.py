"""A small city to test in: its clock, its people, and tickets that have come some way."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self, cast
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from sqlalchemy import Table, insert
from sqlalchemy.sql.dml import ReturningInsert

from hotline.calls.ports import (
    HeadsetLine,
    Legs,
    NoHeadsetCall,
    NotDialable,
    NoTelephone,
    NotInLine,
    OwedCall,
    PhoneKind,
    Place,
    Supervising,
    TelephoneAway,
    ThirdParty,
    WaitToTell,
)
from hotline.calls.service import open_call
from hotline.clock import Clock
from hotline.config import Settings
from hotline.context import Context
from hotline.database import Database
from hotline.dispatch.models import Category
from hotline.dispatch.service import dispatch, sign
from hotline.people.actors import Actor, Role
from hotline.people.models import Department, User
from hotline.replies.models import ContactWay
from hotline.replies.service import ReplyForm, record_contact, submit_reply, write_reply
from hotline.replies.visits import VisitForm, record_visit
from hotline.review.service import accept_reply
from hotline.screening.service import Screened, accept
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft, register
from hotline.tickets.states import TicketType, Urgency

CITY = ZoneInfo("Asia/Shanghai")
PASSWORD = "correct horse 12"
CITIZEN = "13800001234"
# The product's are slow.
_PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_AGELESS: dict[str, object] = {"session_hours": 0, "session_idle_minutes": 0}  # clocks of tests jump by days
_numbers = count(1)


def local(text: str) -> datetime:
    """`2020-04-30 16:00` on the city's clock, aware."""
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


class FixedClock:
    """Stands still until it is set or moved on."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at or local("2020-04-30 16:00")

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        """Show this time."""
        self._at = at

    def advance(self, **span: float) -> None:
        """Go on by a span, given as for `timedelta`."""
        self._at += timedelta(**span)


def make_context(
    database: Database, clock: Clock, state_dir: Path, actor: Actor | None = None, **settings: object
) -> Context:
    """A context with all files of the hotline below `state_dir`."""
    places = {"state_dir": state_dir, "spool_dir": state_dir / "spool", "cache_dir": state_dir / "cache"}
    here: dict[str, object] = {**places, "database_url": database.url}
    said = _AGELESS | here | settings
    chosen = Settings(**said) if settings else _usual().model_copy(update=here)  # type: ignore[arg-type]
    context = Context(database, clock, chosen)
    return context.acting_as(actor) if actor else context


@cache
def _usual() -> Settings:
    """What nearly every test wants: to validate it, and to make its secrets, takes milliseconds each time."""
    with TemporaryDirectory() as folder:
        made = Settings(**(_AGELESS | {"state_dir": Path(folder)}))  # type: ignore[arg-type]
        assert made.secrets  # remembered, and so in every copy
        return made


def department(context: Context, code: str, name_zh: str = "", **fields: object) -> int:
    """A department; returns its id."""
    with context.writing() as session:
        made = Department(code=code, name_zh=name_zh or code, name_en=code, **fields)
        session.add(made)
        session.flush()
        return made.id


def user(
    context: Context,
    department_id: int,
    *roles: Role,
    username: str = "",
    extension: str | None = None,
) -> Actor:
    """A person with these roles and `PASSWORD`, as the actor they are."""
    with context.writing() as session:
        made = User(**_account(department_id, *roles, username=username, extension=extension))
        session.add(made)
        session.flush()
        return made.actor()


def _account(
    department_id: int, *roles: Role, username: str = "", extension: str | None = None
) -> dict[str, Any]:
    name = username or f"person{next(_numbers)}"
    return {
        "username": name,
        "password_hash": _PASSWORD_HASH,
        "display_name": name,
        "roles": sorted(roles),
        "department_id": department_id,
        "extension": extension,
    }


def _adding(entity: type[Department] | type[User]) -> ReturningInsert[tuple[int]]:
    """Adds rows past the entities, and returns their ids in the order of the rows."""
    table = cast(Table, entity.__table__)
    return insert(table).returning(table.c.id, sort_by_parameter_order=True)


_UNITS: list[dict[str, Any]] = [
    {"code": "hotline", "name_zh": "热线中心", "name_en": "hotline", "is_hotline": True},
    {"code": "water", "name_zh": "水务局", "name_en": "water", "is_hotline": False},
    {"code": "police", "name_zh": "公安局", "name_en": "police", "is_hotline": False},
]
_POSTS: list[tuple[str, int, Role, str | None]] = [
    ("agent", 0, Role.AGENT, "1001"),
    ("screener", 0, Role.SCREENER, None),
    ("dispatcher", 0, Role.DISPATCHER, None),
    ("reviewer", 0, Role.REVIEWER, None),
    ("callback_agent", 0, Role.CALLBACK_AGENT, None),
    ("supervisor", 0, Role.SUPERVISOR, None),
    ("handler", 1, Role.HANDLER, None),
    ("leader", 1, Role.UNIT_REVIEWER, None),
]
"""Who they are in the story, which of the units is theirs, their role and their telephone."""
_PRESSURE = {"code": "water.pressure", "name_zh": "水压不足", "name_en": "Low water pressure"}
_ADD_CATEGORY, _ADD_UNITS, _ADD_PEOPLE = insert(Category.__table__), _adding(Department), _adding(User)


@dataclass(frozen=True)
class City:
    """Who acts in a ticket's story, and the steps of the story, each by the service that people use."""

    context: Context
    hotline_id: int
    water_id: int
    police_id: int
    agent: Actor
    screener: Actor
    dispatcher: Actor
    reviewer: Actor
    callback_agent: Actor
    supervisor: Actor
    handler: Actor
    leader: Actor

    @classmethod
    def founded(cls, context: Context) -> Self:
        """Three departments with their people, and a category."""
        with context.writing() as session:  # nearly every test begins with this: as little work as can be
            session.execute(_ADD_CATEGORY, _PRESSURE)
            units = session.scalars(_ADD_UNITS, _UNITS).all()
            people = [_account(units[place], role, extension=number) for _, place, role, number in _POSTS]
            ids = session.scalars(_ADD_PEOPLE, people).all()
        actors = {}
        for user_id, person, (post, place, role, _) in zip(ids, people, _POSTS, strict=True):
            unit = _UNITS[place]
            said = (person["display_name"], frozenset({role}), units[place], unit["name_zh"], unit["code"])
            actors[post] = Actor(user_id, *said)
        return cls(context, *units, **actors)

    def drafted(self, number: str | None = CITIZEN) -> int:
        """A citizen has called; returns the draft's id."""
        return open_call(self.context, f"call-{next(_numbers)}", number, "12345").ticket_id

    def registered(self, number: str | None = CITIZEN) -> int:
        """The agent has registered the matter."""
        ticket_id = self.drafted(number)
        register(self.context.acting_as(self.agent), ticket_id, complete_draft())
        return ticket_id

    def accepted(self, number: str | None = CITIZEN, urgency: Urgency = Urgency.NORMAL) -> int:
        """The screener has accepted it."""
        ticket_id = self.registered(number)
        accept(self.context.acting_as(self.screener), ticket_id, Screened(urgency=urgency))
        return ticket_id

    def signed(self, number: str | None = CITIZEN) -> int:
        """The water bureau handles it."""
        ticket_id = self.accepted(number)
        dispatch(self.context.acting_as(self.dispatcher), ticket_id, self.water_id)
        sign(self.context.acting_as(self.handler), ticket_id)
        return ticket_id

    def reply(self, ticket_id: int) -> None:
        """The water bureau speaks with the citizen, answers every question and its leader approves."""
        handling = self.context.acting_as(self.handler)
        record_contact(handling, ticket_id, ContactWay.PHONE, reached=True)
        write_reply(handling, ticket_id, self.reply_form(ticket_id))
        submit_reply(self.context.acting_as(self.leader), ticket_id)

    def visited(self, ticket_id: int, found: str = "加压泵阀门漏水，已更换") -> None:
        """Somebody of the water bureau was there just now."""
        form = VisitForm(self.context.now(), "供水科 李强", found)
        record_visit(self.context.acting_as(self.handler), ticket_id, form)

    def replied(self, number: str | None = CITIZEN) -> int:
        """The reply waits for the hotline's review."""
        ticket_id = self.signed(number)
        self.reply(ticket_id)
        return ticket_id

    def owed(self, number: str | None = CITIZEN) -> tuple[int, int]:
        """The reply is accepted; returns the ids of ticket and follow-up."""
        ticket_id = self.replied(number)
        return ticket_id, accept_reply(self.context.acting_as(self.reviewer), ticket_id)

    def reply_form(self, ticket_id: int, text: str = "水压已恢复，加压泵已更换。") -> ReplyForm:
        """A reply that answers every question of the ticket."""
        with self.context.reading() as session:
            questions = session.get_one(Ticket, ticket_id).questions
            return ReplyForm(public_text=text, answers={question.id: text for question in questions})


def complete_draft() -> Draft:
    """Everything that registration requires."""
    return Draft(
        type=TicketType.COMPLAINT,
        category_code="water.pressure",
        description="三楼以上早晚没有水。",
        demands=["恢复正常水压"],
        district="城关区",
        address="幸福路 8 号",
        complainant_name="王小明",
    )


@dataclass
class FakeTelephone:
    """A `CallControl` that writes down what it is asked; `away` makes every request fail, `unknown` are
    numbers that it cannot dial, `unplugged` are seats without a telephone."""

    away: bool = False
    unplugged: set[str] = field(default_factory=set)
    unknown: frozenset[str] = frozenset()
    asked: list[tuple[str, ...]] = field(default_factory=list)
    dialled: bool = False
    """Whether an agent has answered the callback, and the citizen is being dialled."""
    at_headsets: set[str] = field(default_factory=set)
    """Extensions at whose headset a call rings or talks."""

    def make_ready(self, extension: str, at_once: bool = False) -> None:
        if extension in self.unplugged:
            raise NoTelephone
        self._take("make_ready", extension, *(["at once"] if at_once else []))

    def pause(self, extension: str, reason: str) -> None:
        self._take("pause", extension, reason)

    def sign_off(self, extension: str) -> None:
        self._take("sign_off", extension)

    def align_queues(self, extension: str) -> None:
        self._take("align_queues", extension)

    def queues_changed(self) -> None:
        self._take("queues_changed")

    def hang_up(self, channel_name: str) -> None:
        self._take("hang_up", channel_name)

    def hold(self, legs: Legs) -> None:
        self._take("hold", legs.caller, legs.agent)

    def resume(self, legs: Legs) -> None:
        self._take("resume", legs.caller, legs.agent)

    def mute(self, channel_name: str, muted: bool) -> None:
        self._take("mute", channel_name, str(muted))

    def press_keys(self, channel_name: str, keys: str) -> None:
        self._take("press_keys", channel_name, keys)

    def key_in(self, channel_name: str, keys: str) -> None:
        self._take("key_in", channel_name, keys)

    def pause_recording(self, channel_names: Sequence[str], paused: bool) -> None:
        self._take("pause_recording", *channel_names, str(paused))

    def ring_third(self, legs: Legs, third: ThirdParty) -> None:
        if third.number in self.unknown:
            raise NotDialable("not a telephone number")
        self._take("ring_third", third.meeting, third.number or third.extension, third.channel_id)

    def join(self, legs: Legs, thirds: Sequence[str]) -> None:
        self._take("join", legs.caller, legs.agent, *thirds)

    def hand_over(self, legs: Legs, third: str) -> None:
        self._take("hand_over", legs.caller, legs.agent, third)

    def leave(self, legs: Legs) -> None:
        self._take("leave", legs.caller, legs.agent)

    def to_queue(self, legs: Legs) -> None:
        self._take("to_queue", legs.caller, legs.agent)

    def relay(self, department_number: str, citizen_number: str, relay_id: int, channel_id: str) -> None:
        if {department_number, citizen_number} & self.unknown:
            raise NotDialable("not a telephone number")
        self._take("relay", department_number, citizen_number, str(relay_id), channel_id)

    def announce_waits(self, waits: Sequence[WaitToTell]) -> None:
        for wait in waits:
            self._take("announce_wait", wait.linkedid, str(wait.position), str(wait.seconds))

    def call_back(self, order: OwedCall) -> None:
        if order.number in self.unknown:
            raise NotDialable("not a telephone number")
        self._take("call_back", order.number, order.linkedid, order.queue, order.extension)

    def call_off(self, linkedid: str) -> None:
        self._take("call_off", linkedid)
        if self.dialled:
            raise NotInLine(dialled=True)

    def call_citizen(self, number: str, attempt_id: int, channel_id: str) -> None:
        if number in self.unknown:
            raise NotDialable("not a telephone number")
        self._take("call_citizen", number, str(attempt_id), channel_id)

    def ring_supervisor(self, extension: str, channel_id: str, legs: Legs, how: Supervising) -> None:
        if extension in self.unplugged:
            raise NoTelephone
        self._take("ring_supervisor", extension, channel_id, legs.caller, legs.agent, how)

    def supervise(self, channel_id: str, legs: Legs, how: Supervising) -> None:
        self._take("supervise", channel_id, legs.caller, legs.agent, how)

    def take_over(self, channel_id: str, legs: Legs) -> None:
        self._take("take_over", channel_id, legs.caller, legs.agent)

    def move_caller(self, linkedid: str, place: Place) -> None:
        self._take("move_caller", linkedid, place.kind, place.name)

    def give_account(self, extension: str, kind: PhoneKind, password: str) -> None:
        self._take("give_account", extension, kind, password)

    def take_account(self, extension: str, kind: PhoneKind) -> None:
        self._take("take_account", extension, kind)

    def open_line(self, extension: str) -> HeadsetLine:
        self._take("open_line", extension)
        return HeadsetLine(Settings().all_pbxs[0], f"line-of-{extension}")

    def close_line(self, extension: str) -> None:
        self._take("close_line", extension)

    def headset_rings(self, extension: str) -> None:
        self._take_with_call("headset_rings", extension)

    def headset_answers(self, extension: str) -> None:
        self._take_with_call("headset_answers", extension)

    def headset_hangs_up(self, extension: str) -> None:
        self._take_with_call("headset_hangs_up", extension)

    def _take_with_call(self, order: str, extension: str) -> None:
        if extension not in self.at_headsets:
            raise NoHeadsetCall
        self._take(order, extension)

    def _take(self, *words: str) -> None:
        if self.away:
            raise TelephoneAway("nobody there")
        self.asked.append(words)

    @property
    def last_attempt(self) -> int:
        """Id of the try that was dialled last."""
        return int(next(words[2] for words in reversed(self.asked) if words[0] == "call_citizen"))
