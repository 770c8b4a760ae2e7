"""Each signal of a perfunctory reply, on replies as departments write them, with the lists that are there
from the beginning."""

import importlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.review.rules import (
    MUST_DECIDE,
    PUBLIC_TEXT,
    Asked,
    Facts,
    Found,
    OtherReply,
    Signal,
    WordList,
    Words,
    answer_place,
    is_same_matter,
    score,
    signals,
)
from tests.factories import local

SEEDED = importlib.import_module("hotline.migrations.versions.0021_review")._WORDS
WORDS = Words({WordList(name): tuple(phrases.split()) for name, phrases in SEEDED.items()})
SENT = local("2020-05-03 10:00")
GOOD = "您好，5月2日城南供水所到现场检查，更换了小区加压泵的损坏阀门，当晚水压恢复到0.3兆帕。"


def facts(text: str, **more: object) -> Facts:
    return replace(Facts(text, SENT), **more)


def found(given: Facts) -> dict[Signal, Found]:
    return {one.signal: one for one in signals(given, WORDS)}


def words_of(one: Found) -> list[str]:
    return [span.words for span in one.spans]


def test_every_list_has_words() -> None:
    assert set(SEEDED) == set(WordList)


def test_the_reply_of_the_rulebook_is_a_promise_and_an_attitude() -> None:
    noticed = found(facts("我局高度重视，将出方案，在研究中"))
    assert set(noticed) == {Signal.PROMISE, Signal.ATTITUDE}
    assert words_of(noticed[Signal.PROMISE]) == ["将出方案", "在研究中"]
    assert words_of(noticed[Signal.ATTITUDE]) == ["高度重视", "将出方案", "在研究中"]
    assert score(noticed.values()) == MUST_DECIDE


def test_a_good_reply_gives_no_signal() -> None:
    assert found(facts(GOOD)) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("该路段路灯问题我局正在研究，请耐心等待。", ["正在研究", "请耐心等待"]),
        ("下一步将加强监管，杜绝类似情况发生。", ["下一步将", "加强监管"]),
        ("您反映的情况已转相关部门处理。", ["已转相关部门"]),
        ("我局将尽快更换阀门。", ["将尽快"]),  # a measure, but neither date nor somebody
        ("我局将尽快于12月10日前更换阀门。", ["将尽快"]),  # "our bureau" is nobody
        ("供水公司将尽快更换阀门。", ["将尽快"]),  # no date
        ("供水公司将尽快于12月10日前出方案。", ["将尽快"]),  # no measure
    ],
)
def test_promises_without_date_person_and_measure(text: str, words: list[str]) -> None:
    assert words_of(found(facts(text))[Signal.PROMISE]) == words


@pytest.mark.parametrize(
    "text",
    [
        "供水公司将尽快于12月10日前更换加压泵阀门，联系人李工程师。",
        "城管大队下一步将在3个工作日内拆除该处违建。",
        "该处已于5月2日清理完毕。",
    ],
)
def test_commitments_are_no_empty_promises(text: str) -> None:
    assert Signal.PROMISE not in found(facts(text))


@pytest.mark.parametrize("answer", ["", "  。", "同上", "详见答复。", "见上。", "停水原因", "已答复"])
def test_a_question_without_an_answer_of_its_own(answer: str) -> None:
    asked = [Asked(1, "何时恢复供水", "5月2日18时已恢复。"), Asked(2, "请说明停水原因", answer)]
    one = found(facts(GOOD, questions=asked))[Signal.UNANSWERED]
    assert one.about == "2"
    assert words_of(one) == ([answer] if answer.strip() else [])


@pytest.mark.parametrize("answer", ["阀门老化断裂。", "可以。", "详见城南路施工公告，当日由市政公司更换主管"])
def test_an_answer_is_an_answer(answer: str) -> None:
    assert Signal.UNANSWERED not in found(facts(GOOD, questions=[Asked(1, "请说明停水原因", answer)]))


def test_a_reply_copied_from_another_matter_names_it_and_marks_the_words() -> None:
    other = GOOD.replace("5月2日", "4月8日")
    one = found(facts(GOOD, others=[OtherReply("A", "完全不同的答复内容"), OtherReply("B", other)]))
    assert one[Signal.COPIED].about == "B"
    assert all(span.words == GOOD[span.start : span.end] for span in one[Signal.COPIED].spans)
    assert "更换了小区加压泵" in "".join(words_of(one[Signal.COPIED]))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (GOOD, "您好，幸福路8号的井盖已于5月2日由市政养护所更换，现场已清理。"),
        ("已修复。", "已修复。"),  # too short to be a copy
    ],
)
def test_replies_that_differ_are_no_copies(text: str, other: str) -> None:
    assert Signal.COPIED not in found(facts(text, others=[OtherReply("A", other)]))


@pytest.mark.parametrize(
    ("matter", "address", "same"),
    [
        ("三楼以上早晚没有水", "", True),
        ("三楼以上早晚没有水", "幸福路 8 号", True),
        ("三楼以上早晚没有水", "长江路 3 号", False),
        ("广场舞音响太吵，夜里睡不着", "幸福路 8 号", False),
    ],
)
def test_the_same_reply_to_the_same_matter_is_right(matter: str, address: str, same: bool) -> None:
    assert is_same_matter("三楼以上早晚没有水", "幸福路 8 号", matter, address) is same


MATTER = "幸福路8号院三楼以上早晚高峰完全没有自来水，已经持续一周。"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("您反映的幸福路8号院三楼以上早晚高峰完全没有自来水的问题，已知悉。", "10"),
        ("已处理。", "3"),
    ],
)
def test_a_reply_that_says_nothing_of_its_own(text: str, own: str) -> None:
    assert found(facts(text, matter=MATTER))[Signal.ECHO].about == own


@pytest.mark.parametrize("text", ["您反映的幸福路8号院三楼以上早晚高峰完全没有自来水的问题，" + GOOD, GOOD])
def test_a_reply_may_name_the_matter(text: str) -> None:
    assert Signal.ECHO not in found(facts(text, matter=MATTER))


@pytest.mark.parametrize(
    ("text", "on_record", "words"),
    [
        ("我局已联系您说明情况，您表示理解。", {"reached": False}, ["已联系"]),
        ("工作人员赴现场检查，已更换阀门。", {"visited": False}, ["赴现场"]),
        ("已电话联系并到现场处理。", {"reached": False, "visited": False}, ["已电话联系", "到现场"]),
    ],
)
def test_claims_that_no_record_bears_out(text: str, on_record: dict[str, bool], words: list[str]) -> None:
    one = found(facts(text, **on_record))[Signal.NO_CONTACT]
    assert (words_of(one), one.weight) == (words, 2)


@pytest.mark.parametrize(
    ("text", "on_record"),
    [
        ("我局已联系您说明情况。", {"reached": True}),
        ("工作人员赴现场检查。", {"visited": True, "reached": False}),
        ("已电话联系您三次，均无人接听。", {"reached": False}),
        ("阀门已更换。", {"reached": False, "visited": False}),
    ],
)
def test_claims_that_are_borne_out_or_not_made(text: str, on_record: dict[str, bool]) -> None:
    assert Signal.NO_CONTACT not in found(facts(text, **on_record))


DISPATCHED, DUE = local("2020-05-01 00:00"), local("2020-05-11 00:00")  # the last twentieth: half a day


@pytest.mark.parametrize(
    ("sent", "acted", "noticed"),
    [
        ("2020-05-10 13:00", [], True),
        ("2020-05-10 13:00", ["2020-05-10 12:30"], True),  # only at the end as well
        ("2020-05-12 09:00", [], True),  # late
        ("2020-05-10 11:00", [], False),
        ("2020-05-10 13:00", ["2020-05-03 09:00"], False),
        ("2020-05-10 13:00", ["2020-04-20 09:00"], True),  # of an earlier round
    ],
)
def test_replies_at_the_last_minute(sent: str, acted: Sequence[str], noticed: bool) -> None:
    given = facts(
        GOOD, at=local(sent), dispatched_at=DISPATCHED, due_at=DUE, acted_at=list(map(local, acted))
    )
    assert (Signal.LAST_MINUTE in found(given)) is noticed


@pytest.mark.parametrize(
    ("more", "about"),
    [
        ({"says_no": True}, "says_no"),
        ({"came_back": True}, "came_back"),
        ({"says_no": True, "is_solved": False}, "says_no"),  # the words say so
    ],
)
def test_solved_against_the_record(more: dict[str, bool], about: str) -> None:
    one = found(facts("问题已解决，" + GOOD, **more))[Signal.NOT_SOLVED]
    assert (one.about, one.weight, words_of(one)[0]) == (about, 2, "已解决")


@pytest.mark.parametrize("more", [{}, {"says_no": True, "is_solved": False}])
def test_nothing_stands_against_it(more: dict[str, bool]) -> None:
    assert Signal.NOT_SOLVED not in found(facts(GOOD, **more))


@pytest.mark.parametrize(
    "text",
    [
        "我局高度重视，深表歉意，感谢您的监督。",
        "尊敬的市民，您好！我局将认真研究，感谢您的来电。",
        "我局高度重视，将更换阀门。",
    ],
)
def test_attitude_without_a_deed(text: str) -> None:
    assert Signal.ATTITUDE in found(facts(text))


@pytest.mark.parametrize(
    "text",
    [
        "我局高度重视，5月2日更换了阀门。",
        "感谢您的来电。公积金提取需要本人身份证、银行卡和购房合同，到政务大厅三楼公积金窗口，当天即可到账。",
        "阀门坏了。",
    ],
)
def test_courtesy_beside_substance_is_no_attitude(text: str) -> None:
    assert Signal.ATTITUDE not in found(facts(text))


def test_places_of_words_are_places_in_the_text_they_name() -> None:
    asked = [Asked(1, "请说明停水原因", "正在研究，请耐心等待。")]
    given = facts("我局高度重视，正在研究。", questions=asked, reached=False)
    texts = {PUBLIC_TEXT: given.public_text, answer_place(1): asked[0].answer}
    spans = [span for one in signals(given, WORDS) for span in one.spans]
    assert {span.where for span in spans} == set(texts)
    assert all(texts[span.where][span.start : span.end] == span.words for span in spans)


def test_without_words_only_what_needs_none_is_noticed() -> None:
    given = facts("我局高度重视，正在研究。", at=DUE + timedelta(1), dispatched_at=DISPATCHED, due_at=DUE)
    assert [one.signal for one in signals(given, Words())] == [Signal.LAST_MINUTE]
