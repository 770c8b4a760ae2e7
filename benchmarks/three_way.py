"""A third party joins two who talk: how soon all three hear each other, and what the two miss.

    python -m benchmarks.three_way

Citizen, agent and expert are telephones of a second Asterisk, and each hums a tone without a pause; the
expert is rung into the conversation and taken out of it again, over and over, by the orders that the console
gives. Everything is read off the recordings made at the telephones themselves, which end with their channels;
the answer is the moment before the expert's telephone sends it. A second conversation, which nobody joins,
says what the machine itself makes people miss meanwhile. One line at the end; the exit status is 1 when a
goal is missed.
"""

import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from hotline.calls.ports import Legs, Meeting, ThirdParty
from ivr.control import AmiCallControl
from ivr.network import TelephoneNetwork
from ivr.pbx import Pbx, Seat, prepare, seats_of
from ivr.prompts.wave_files import RATE
from tests.telephony.conftest import private_settings
from tests.telephony.hearing import AGENT, CITIZEN, EXPERT, FIFTH, OTHER, growing
from tests.telephony.people import Person
from tests.telephony.sounds import Samples, shorten_greeting
from tests.waiting import until

JOINS = 20
TALK_S = 0.8
JOIN_GOAL_MS = 500.0
GAP_GOAL_MS = 60.0
NUMBER = "84110000"
VOICES = ((CITIZEN, AGENT), (OTHER, FIFTH))

_WINDOW, _HOP = RATE // 50, RATE // 500  # 20 ms, seen every 2 ms
_HEARD = 0.3  # of the usual strength of a tone


@dataclass
class Joins:
    """What was noted while it went on; times are monotonic seconds."""

    citizen: Person
    agent: Person
    others: tuple[Person, Person]
    """Citizen and agent of a conversation that nobody joins."""
    began: float
    experts: list[Person] = field(default_factory=list)

    def delays_ms(self) -> list[float]:
        """Of every join: from the expert's answer until the last of the three hears whom it should."""
        return [1000 * self._delay_s(expert) for expert in self.experts]

    def gap_ms(self) -> float:
        """The longest silence of the one to the other, of citizen and agent."""
        return max(_gap_ms(self.citizen, AGENT, self.began), _gap_ms(self.agent, CITIZEN, self.began))

    def usual_gap_ms(self) -> float:
        """The same of the conversation that nobody joins."""
        citizen, agent = self.others
        return max(_gap_ms(citizen, agent.voice, self.began), _gap_ms(agent, citizen.voice, self.began))

    def _delay_s(self, expert: Person) -> float:
        answered = expert.answered_at
        by_expert = [_first_s(expert, answered, voice) for voice in (AGENT, CITIZEN)]
        of_expert = [_first_s(person, answered, EXPERT) for person in (self.citizen, self.agent)]
        return max(*by_expert, *of_expert)


def main() -> int:
    """Exit status 0 if both goals are reached."""
    with tempfile.TemporaryDirectory(prefix="three-way.") as folder:
        settings = private_settings(Path(folder), queue_timeout_seconds=60, wrap_up_seconds=0)
        shorten_greeting(settings.state_dir)
        seats = seats_of(["1001", "1002"], settings.secrets.sip)
        with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
            pairs = [_talk(pbx, network, seat, *voices) for seat, voices in zip(seats, VOICES, strict=True)]
            told = _play(AmiCallControl(settings), pbx, network, pairs[0], pairs[1])
        return _judge(told)


def _talk(
    pbx: Pbx, network: TelephoneNetwork, seat: Seat, citizens_voice: int, agents_voice: int
) -> tuple[Person, Person]:
    """A citizen and an agent, who talk on return."""
    citizen, agent = Person(citizens_voice), Person(agents_voice)
    phone = network.agent_phone(seat.extension, seat.password, agent.script())
    pbx.control(f"queue add member PJSIP/{seat.desk} to hotline")
    citizen.call = network.citizen_calls(f"1380000{seat.extension}", citizen.script())
    until(lambda: phone.answered, 30, "the agent's answer")
    agent.call = phone.calls[-1]
    return citizen, agent


def _play(
    control: AmiCallControl,
    pbx: Pbx,
    network: TelephoneNetwork,
    pair: tuple[Person, Person],
    others: tuple[Person, Person],
) -> Joins:
    legs = _legs(pbx)
    _for_a_while()
    joins = Joins(*pair, others, time.monotonic())
    for number in range(JOINS):
        expert = Person(EXPERT)
        expert.call = network.expect_callback(NUMBER, expert.script())
        third = ThirdParty(f"third-{number:06x}", Meeting.JOIN, number=NUMBER)
        control.ring_third(legs, third)
        expert.call.wait_answered(20)
        joins.experts.append(expert)
        _for_a_while()
        control.hang_up(third.channel_id)
        expert.call.wait_ended(20)
    _for_a_while()
    pbx.control("channel request hangup all")
    for person in (*pair, *others):
        assert person.call is not None
        person.call.wait_ended(20)
    return joins


def _legs(pbx: Pbx) -> Legs:
    lines = [
        line.split("!") for line in pbx.control("core show channels concise").splitlines() if "!" in line
    ]
    callers = [line[-1] for line in lines if line[0].startswith("PJSIP/trunk")]
    [agent] = [line[-1] for line in lines if line[0].startswith("PJSIP/desk-1001")]
    return Legs(min(callers), agent)


def _for_a_while() -> None:
    ends = time.monotonic() + TALK_S
    until(lambda: time.monotonic() > ends)


def _since(person: Person, moment: float) -> Samples:
    """What this person heard from `moment` until half a second before the end."""
    assert person.call is not None
    samples = growing(person.call.heard)
    first = len(samples) - int((person.ended_at - moment) * RATE)
    return samples[max(0, first) : len(samples) - RATE // 2]


def _strength(samples: Samples, voice: int) -> Samples:
    """How strong a tone is, in windows of 20 ms, one every 2 ms."""
    at = np.arange(_WINDOW) / RATE
    wave = np.hanning(_WINDOW) * np.exp(-2j * np.pi * voice * at)
    windows = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_HOP]
    strength: Samples = np.abs(windows @ wave)
    return strength


def _first_s(person: Person, moment: float, voice: int) -> float:
    """Seconds from `moment` until this person hears a voice."""
    assert person.call is not None
    samples = growing(person.call.heard)
    begins = max(person.ended_at - len(samples) / RATE, moment)
    strength = _strength(samples[len(samples) - int((person.ended_at - begins) * RATE) :], voice)
    heard = strength > _HEARD * np.percentile(strength[: RATE // _HOP], 90)
    return begins - moment + float(np.argmax(heard)) * _HOP / RATE


def _gap_ms(person: Person, voice: int, began: float) -> float:
    strength = _strength(_since(person, began), voice)
    silent = strength < _HEARD * np.median(strength)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], silent.astype(int), [0]))))
    lengths = edges[1::2] - edges[::2]
    return float(lengths.max(initial=0)) * _HOP / RATE * 1000


def _judge(joins: Joins) -> int:
    delays, gap, usual = joins.delays_ms(), joins.gap_ms(), joins.usual_gap_ms()
    p50, p95 = np.percentile(delays, (50, 95))
    good = p95 < JOIN_GOAL_MS and gap < GAP_GOAL_MS
    print(
        f"three-way join: {len(delays)} joins, p50 {p50:.0f} ms, p95 {p95:.0f} ms "
        f"(goal < {JOIN_GOAL_MS:.0f} ms); longest gap {gap:.0f} ms (goal < {GAP_GOAL_MS:.0f} ms; "
        f"{usual:.0f} ms in a call that nobody joins): {'reached' if good else 'MISSED'}"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
