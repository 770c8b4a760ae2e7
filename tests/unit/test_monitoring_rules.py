"""When a supervisor may be with a call: every refusal, and what is not refused."""

from datetime import timedelta

import pytest

from hotline.monitoring import rules
from hotline.monitoring.models import Mode
from hotline.monitoring.rules import Situation, check


@pytest.mark.parametrize("mode", Mode)
def test_a_talk_may_be_listened_to_whispered_into_joined_and_taken_over(mode: Mode) -> None:
    check(Situation(), mode)


@pytest.mark.parametrize(
    ("situation", "refusal"),
    [
        (Situation(over=True, talking=False), rules.CallIsOver),
        (Situation(talking=False), rules.NothingToListenTo),
        (Situation(is_own_call=True), rules.ListeningToOneself),
        (Situation(has_telephone=False), rules.NoOwnTelephone),
        (Situation(on_another_call=True), rules.OnAnotherCall),
        (Situation(telephone_busy=True), rules.OwnTelephoneBusy),
    ],
)
@pytest.mark.parametrize("mode", Mode)
def test_some_things_are_refused_in_every_mode(
    situation: Situation, refusal: type[Exception], mode: Mode
) -> None:
    with pytest.raises(refusal):
        check(situation, mode)


def test_many_may_listen_and_one_may_speak() -> None:
    another_speaks = Situation(speaker="郑强")
    check(another_speaks, Mode.LISTEN)
    for mode in (Mode.WHISPER, Mode.BARGE, Mode.TAKE_OVER):
        with pytest.raises(rules.SomebodySpeaks) as refused:
            check(another_speaks, mode)
        assert refused.value.name == "郑强"


def test_without_an_agent_nobody_is_whispered_to() -> None:
    agent_gone = Situation(agent_is_there=False)
    with pytest.raises(rules.NobodyToWhisperTo):
        check(agent_gone, Mode.WHISPER)
    for mode in (Mode.LISTEN, Mode.BARGE, Mode.TAKE_OVER):
        check(agent_gone, mode)


def test_whoever_has_the_caller_alone_does_not_fall_silent() -> None:
    alone = Situation(agent_is_there=False, holds_the_caller=True)
    for mode in (Mode.LISTEN, Mode.WHISPER):
        with pytest.raises(rules.HoldsTheCaller):
            check(alone, mode)
    check(alone, Mode.TAKE_OVER)


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_a_reason_is_words(text: str) -> None:
    with pytest.raises(rules.ReasonNeeded):
        rules.reasoned(text)


def test_a_reason_is_one_line_and_not_endless() -> None:
    assert rules.reasoned(" 市民\n要求 ") == "市民 要求"
    assert len(rules.reasoned("长" * 500)) == rules.LONGEST_REASON


@pytest.mark.parametrize(
    ("reason", "minutes", "too_long"),
    [("break", 15, False), ("break", 16, True), ("meal", 16, False), ("meal", 46, True), ("odd", 16, True)],
)
def test_how_long_a_pause_may_last_depends_on_its_reason(reason: str, minutes: int, too_long: bool) -> None:
    assert rules.pause_is_too_long(reason, timedelta(minutes=minutes)) is too_long


@pytest.mark.parametrize("pbx", ["", "east", "east-2"])
def test_a_supervisors_leg_is_known_by_its_identity(pbx: str) -> None:
    uniqueid = rules.channel_of(12, 1_763_768_000, pbx)
    assert uniqueid.endswith("monitor-1763768000.12")
    assert rules.is_supervisors(uniqueid)


@pytest.mark.parametrize(
    "uniqueid",
    ["1763768000.12", "east-1763768000.12", "follow-up-1763768000.12", "monitor", "monitor-1.x", ""],
)
def test_nobody_elses_leg_is_taken_for_a_supervisors(uniqueid: str) -> None:
    assert not rules.is_supervisors(uniqueid)
