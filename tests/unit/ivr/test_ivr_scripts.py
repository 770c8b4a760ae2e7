"""The scripts `intake` and `follow_up`, with the test as Asterisk, hung up at every step."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from hotline.calls.models import Call
from hotline.context import Context
from hotline.follow_up.models import Attempt, AttemptOutcome
from hotline.follow_up.service import begin_attempt
from hotline.tickets.models import Ticket
from ivr.agi.follow_up import FollowUpScript
from ivr.agi.intake import Intake
from ivr.agi.server import AgiServer, Limits
from tests.factories import City
from tests.unit.agi.asterisk_side import AsteriskSide
from tests.waiting import until

LINKEDID = "1795294529.0"
INTAKE_ANSWERS = {
    'GET FULL VARIABLE "${CHANNEL(linkedid)}"': LINKEDID,
    'GET FULL VARIABLE "${FILTER(0-9+,${CALLERID(num)})}"': "13800138000",
    'GET FULL VARIABLE "${FILTER(0-9+,${CALLERID(dnid)})}"': "12345",
    'GET FULL VARIABLE "${CHANNEL}"': "PJSIP/trunk-00000000",
}


@pytest.fixture
def server(context: Context) -> Iterator[AgiServer]:
    scripts = [Intake(context), FollowUpScript(context, wait_milliseconds=10)]
    server = AgiServer(("127.0.0.1", 0), scripts, Limits(stop_seconds=2))
    server.start()
    yield server
    server.stop()


def calls(context: Context) -> Sequence[Call]:
    with context.reading() as session:
        return session.scalars(select(Call)).all()


def intake(server: AgiServer, answers: dict[str, str]) -> dict[str, str]:
    """Play the whole script; returns the variables that it set."""
    written = {}
    with AsteriskSide(server.port) as asterisk:
        asterisk.header(script="intake")
        while command := asterisk.hears():
            if command.startswith("SET VARIABLE"):
                _, name, _, value, _ = command.split('"')
                written[name] = value
            known = answers.get(command)
            asterisk.say(f"200 result=1 ({known})\n" if known else "200 result=0\n")
    return written


def test_intake_commits_contact_ticket_and_call(server: AgiServer, context: Context) -> None:
    written = intake(server, INTAKE_ANSWERS)
    with context.reading() as session:
        [call] = session.scalars(select(Call))
        [ticket] = session.scalars(select(Ticket))
        assert (call.linkedid, call.dialled, call.contact.number) == (LINKEDID, "12345", "13800138000")
        assert [(leg.role, leg.channel) for leg in call.legs] == [("caller", "PJSIP/trunk-00000000")]
        identities = {"CONTACT": str(call.contact_id), "TICKET": str(ticket.id), "INTAKE": "OPENED"}
        assert identities.items() <= written.items()


def test_a_call_began_when_it_came_however_late_the_script_is(server: AgiServer, context: Context) -> None:
    intake(server, INTAKE_ANSWERS)
    [call] = calls(context)
    assert call.started_at == datetime.fromtimestamp(1795294529, UTC)


def test_intake_of_a_caller_without_a_number(server: AgiServer, context: Context) -> None:
    written = intake(server, {next(iter(INTAKE_ANSWERS)): LINKEDID})
    assert written["INTAKE"] == "OPENED"
    with context.reading() as session:
        [call] = session.scalars(select(Call))
        assert call.contact.number_withheld
        assert call.dialled == "12345"


def test_intake_twice_is_one_ticket(server: AgiServer, context: Context) -> None:
    assert intake(server, INTAKE_ANSWERS) == intake(server, INTAKE_ANSWERS)
    assert len(calls(context)) == 1


@pytest.mark.parametrize("answered", range(8))
def test_a_hang_up_at_any_step_of_intake_leaves_a_whole_call_or_none(
    server: AgiServer, context: Context, answered: int
) -> None:
    with AsteriskSide(server.port) as asterisk:
        asterisk.header(script="intake")
        for _ in range(answered):
            command = asterisk.hears()
            asterisk.say(f"200 result=1 ({INTAKE_ANSWERS.get(command, '')})\n")
        asterisk.say("HANGUP\n")
    until(lambda: server.calls == 0)
    with context.reading() as session:
        tickets = session.scalars(select(Ticket)).all()
        assert len(tickets) == len(calls(context)) == (1 if answered >= 3 else 0)


class Citizen:
    """Keys by the prompt during which, or after which, they are pressed; hangs up where told."""

    def __init__(self, keys: dict[str, list[str]], hang_up_at: str = "") -> None:
        self._keys = {prompt: list(pressed) for prompt, pressed in keys.items()}
        self._hang_up_at = hang_up_at
        self.heard: list[str] = []

    def talk(self, server: AgiServer, attempt_id: int) -> None:
        with AsteriskSide(server.port) as asterisk:
            asterisk.header(script="follow_up", agi_arg_1=str(attempt_id))
            while command := asterisk.hears():
                answer = self._answer(command)
                if not answer:
                    return
                asterisk.say(answer)

    def _answer(self, command: str) -> str:
        if not command.startswith("STREAM FILE"):
            return "200 result=0\n"
        prompt = command.split()[2]
        self.heard.append(prompt)
        if prompt == self._hang_up_at:
            return ""
        waiting = self._keys.get(prompt)
        key = waiting.pop(0) if waiting else ""
        return f"200 result={ord(key) if key else 0} endpos=8000\n"


Talk = Callable[[Citizen], Attempt]


@pytest.fixture
def talk(server: AgiServer, context: Context, city: City) -> Talk:
    """Dials a due follow-up, plays the citizen, returns the attempt once it has an outcome."""

    def play(citizen: Citizen) -> Attempt:
        _, follow_up_id = city.owed()
        attempt_id = begin_attempt(context, follow_up_id).attempt_id
        citizen.talk(server, attempt_id)

        def ended() -> Attempt | None:
            with context.reading() as session:
                attempt = session.get_one(Attempt, attempt_id)
                return attempt if attempt.outcome and attempt.follow_up else None

        return until(ended)

    return play


SOLVED, SATISFACTION = "follow-up-solved", "follow-up-satisfaction"


@pytest.mark.parametrize("satisfaction", ["1", "3", "5"])
@pytest.mark.parametrize(("key", "solved"), [("1", True), ("2", False)])
def test_both_answers(talk: Talk, key: str, solved: bool, satisfaction: str) -> None:
    """Whoever is not content is left to the dialplan, which asks why and thanks."""
    citizen = Citizen({SOLVED: [key], SATISFACTION: [satisfaction]})
    attempt = talk(citizen)
    thanks = ["follow-up-thanks"] if key == satisfaction == "1" else []
    assert citizen.heard == ["follow-up-greeting", SOLVED, SATISFACTION, *thanks]
    assert (attempt.outcome, attempt.digits) == (AttemptOutcome.ANSWERED, key + satisfaction)
    assert (attempt.follow_up.solved, attempt.follow_up.satisfaction) == (solved, int(satisfaction))
    assert attempt.answered_at is not None


def test_wrong_keys_and_silence_are_asked_again_twice(talk: Talk) -> None:
    citizen = Citizen({SOLVED: ["9", "", "1"], SATISFACTION: ["0", "6", "3"]})
    attempt = talk(citizen)
    assert (attempt.outcome, attempt.digits) == (AttemptOutcome.ANSWERED, "91063")
    assert attempt.follow_up.satisfaction == 3
    assert citizen.heard.count(SOLVED) == citizen.heard.count(SATISFACTION) == 3
    assert citizen.heard.count("invalid-key") == 3


def test_three_times_nothing_is_given_up(talk: Talk) -> None:
    citizen = Citizen({})
    attempt = talk(citizen)
    assert attempt.outcome is AttemptOutcome.SILENT
    assert citizen.heard.count(SOLVED) == 3
    assert citizen.heard[-1] == "follow-up-give-up"
    assert attempt.follow_up.solved is None


def test_solved_without_satisfaction_is_kept(talk: Talk) -> None:
    citizen = Citizen({SOLVED: ["1"], SATISFACTION: ["9", "*", "#"]})
    attempt = talk(citizen)
    assert (attempt.outcome, attempt.follow_up.solved) == (AttemptOutcome.PARTIAL, True)
    assert attempt.follow_up.satisfaction is None
    assert citizen.heard[-1] == "follow-up-thanks"


@pytest.mark.parametrize(
    ("hang_up_at", "outcome"),
    [
        ("follow-up-greeting", AttemptOutcome.SILENT),
        (SOLVED, AttemptOutcome.SILENT),
        (SATISFACTION, AttemptOutcome.PARTIAL),
        ("follow-up-thanks", AttemptOutcome.ANSWERED),
    ],
)
def test_a_hang_up_at_every_step_has_an_outcome(talk: Talk, hang_up_at: str, outcome: AttemptOutcome) -> None:
    attempt = talk(Citizen({SOLVED: ["1"], SATISFACTION: ["2"]}, hang_up_at))
    assert attempt.outcome is outcome
    assert attempt.follow_up.solved is (True if outcome is not AttemptOutcome.SILENT else None)


@pytest.mark.parametrize("attempt", ["", "x", "1; DROP", "-1"])
def test_a_follow_up_without_an_attempt_is_refused(server: AgiServer, attempt: str) -> None:
    with AsteriskSide(server.port) as asterisk:
        asterisk.header(script="follow_up", agi_arg_1=attempt)
        assert asterisk.hears() == ""


def test_an_unknown_attempt_ends_the_script(server: AgiServer) -> None:
    citizen = Citizen({})
    citizen.talk(server, 999)
    assert citizen.heard in ([], ["follow-up-away"])
