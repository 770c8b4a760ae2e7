"""What people open among the tickets of a season, and one sweep over many due rows."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy import select

from agent_console import build
from agent_console.app import create_app
from benchmarks._multiply import settle
from benchmarks._season import Season
from hotline.calls.models import Call
from hotline.cli.memory import keep_what_is_loaded
from hotline.contacts.models import Contact
from hotline.dispatch.models import Assignment, AssignmentRole
from hotline.dispatch.service import sign_overdue
from hotline.people.actors import Actor, Role
from hotline.search.queries import said
from hotline.tickets.models import Ticket
from hotline.tickets.states import Channel, State
from hotline.transcripts import index
from hotline.transcripts.models import Recording, RecordingState, Segment, Speaker, Track
from tests.factories import PASSWORD, FakeTelephone

ROUNDS = 15
"""Each page, and each search, is done as often, after a first time that is not counted."""
WAITING = 200
"""As many wait in every list: a list shows no more."""
TRANSCRIBED = 5_000
_SAID = (
    "水管爆裂路面积水",
    "夜间施工噪声很大",
    "路灯好几天不亮",
    "暖气一直不热",
    "垃圾没有人清运",
    "违停堵住消防通道",
)


def lists(season: Season) -> Iterator[Callable[[], object]]:
    """Every list through the console, as full as it gets."""
    morning(season)
    build.compile_translations()
    build.bundle()
    app = create_app(season.context, FakeTelephone())
    keep_what_is_loaded()  # as the console does
    opened = []
    for actor, path in _pages(season):
        client = app.test_client()
        token = client.get("/sign-in").text.split('"X-CSRFToken": "', 1)[1].split('"', 1)[0]
        fields = {"username": actor.name, "password": PASSWORD}
        client.post("/sign-in", data=fields, headers={"X-CSRFToken": token})
        answer = client.get(path)
        assert answer.status_code == 200, (actor.name, path, answer.status_code)
        assert answer.text.count("<tr") > 20, (path, "hardly anything in it")
        opened.append((client, path))
    for _ in range(ROUNDS):
        for client, path in opened:
            yield lambda client=client, path=path: client.get(path)  # type: ignore[misc]


def _pages(season: Season) -> Iterator[tuple[Actor, str]]:
    staff = season.staff
    yield staff[Role.SCREENER], "/screening"
    yield staff[Role.DISPATCHER], "/dispatch"
    yield season.units[0][1], "/unit"
    yield staff[Role.REVIEWER], "/review"
    yield staff[Role.CALLBACK_AGENT], "/follow-ups"


def morning(season: Season, waiting: int = WAITING) -> None:
    """As many tickets as a list shows, in each of the states whose list somebody works through."""
    season.clock.advance(hours=1)
    season.taken_in(2 * waiting)  # some are consultations, answered at once
    season.accepted(season.taken_in(2 * waiting))
    season.dispatched(season.accepted(season.taken_in(2 * waiting, unit=0)))
    for asked in (False, True):
        held = season.dispatched(season.accepted(season.taken_in(2 * waiting)))
        season.handled(held)
        season.submitted(held)
        if asked:
            season.reviewed(held)


def searches(season: Season) -> Iterator[Callable[[], object]]:
    """Words that were said in many calls, in few, and in none."""
    transcribe(season)
    settle(season.context.database)
    phrases = ("路灯", "噪声 施工", "水管爆裂", "幸福小区", "编号 17", "从来没有人说过")
    agent = season.staff[Role.AGENT]

    def look_for(phrase: str) -> None:
        with season.context.reading() as session:
            said(session, agent, phrase)

    for phrase in phrases:
        look_for(phrase)
    for _ in range(ROUNDS):
        yield from (lambda phrase=phrase: look_for(phrase) for phrase in phrases)  # type: ignore[misc]


def transcribe(season: Season, after: int = 0) -> None:
    """The newest calls, none before that id, have transcripts, written as `complete_transcript` leaves them,
    but many at once."""
    with season.context.writing() as session:
        newest = select(Call.id).where(Call.id > after).order_by(Call.id.desc()).limit(TRANSCRIBED)
        for call_id in session.scalars(newest).all():
            recording = Recording(call_id=call_id, folder=f"call-{call_id}", state=RecordingState.DONE)
            track = Track(speaker=Speaker.CALLER, path=f"call-{call_id}/caller.wav", seconds=60.0)
            track.segments = [_segment(5.0 * n, text) for n, text in enumerate(_told(call_id))]
            recording.tracks = [track]
            session.add(recording)
        session.flush()
        told = select(Segment).join(Track).join(Recording).where(Recording.call_id > after)
        index.add(session, session.scalars(told).all())


def _segment(start: float, text: str) -> Segment:
    return Segment(start_s=start, end_s=start + 4, text=text, words=[[text, start, start + 4, 0.9]])


def _told(call_id: int) -> Iterator[str]:
    yield "你好我要反映一个问题"
    yield f"{_SAID[call_id % len(_SAID)]}已经{call_id % 30}天了"
    yield f"地址在幸福小区{call_id % 50}号楼" if call_id % 97 == 0 else "就在我家门口这条路上"
    yield f"编号 {call_id}"


def sweep_of(season: Season, due: int) -> float:
    """Seconds for one sweep over so many tickets that nobody has signed."""
    season.clock.advance(hours=1)
    now, unit_id = season.context.now(), season.units[0][0]
    with season.context.writing() as session:
        for n in range(due):
            contact = Contact(channel=Channel.PHONE, source_ref=f"due-{n}", received_at=now)
            ticket = Ticket(contact=contact, number=f"D{n:09d}", channel=Channel.PHONE, received_at=now)
            ticket.state, ticket.holder_id, ticket.due_at = State.DISPATCHED, unit_id, now + timedelta(days=7)
            lead = Assignment(ticket=ticket, department_id=unit_id, role=AssignmentRole.LEAD)
            lead.sign_due_at = lead.contact_due_at = lead.auto_sign_at = now - timedelta(minutes=1)
            lead.dispatched_at, lead.due_at = now, now + timedelta(days=7)
            session.add(lead)
    began = time.perf_counter()
    signed = sign_overdue(season.context, limit=due)
    seconds = time.perf_counter() - began
    assert signed == due, f"{signed} of {due} were signed"
    return seconds
