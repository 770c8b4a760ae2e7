"""What is personal is found, masked, and silenced at the right seconds."""

from collections.abc import Callable

import pytest

from benchmarks.redaction import (
    LEAST_IN_GROUPS,
    LEAST_OVERALL,
    TEST_SET,
    Example,
    as_recognised,
    examples,
    measure,
)
from hotline.redaction.digits import is_identity_number, passes_luhn
from hotline.redaction.kinds import Finding, Kind
from hotline.redaction.rules import MARGIN_S, Said, find, find_in_conversation, masked, silences


def found(text: str, before: str = "") -> list[tuple[str, str]]:
    return [(finding.kind.value, text[finding.start : finding.end]) for finding in find(text, before)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话幺三八 零零零幺 二三四五", [("phone", "幺三八 零零零幺 二三四五")]),
        ("13964285701", [("phone", "13964285701")]),
        ("幺三八嗯零零零幺嗯二三四五", [("phone", "幺三八嗯零零零幺嗯二三四五")]),
        ("身份证11010519491231002X", [("id", "11010519491231002X")]),
        ("身份证一一零一零五一九四九一二三一零零二叉", [("id", "一一零一零五一九四九一二三一零零二叉")]),
        ("车牌鲁B T六七八九", [("plate", "鲁B T六七八九")]),
        ("住同安路六十八号三单元四零二", [("door", "六十八号三单元四零二")]),
        ("找马主任", [("name", "马")]),
        ("我叫欧阳雪梅", [("name", "欧阳雪梅")]),
        ("您好我叫李建国我要投诉", [("name", "李建国")]),  # as recognisers write it
        ("名字叫王小明哎路灯坏了", [("name", "王小明")]),
    ],
)
def test_finds(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "一共欠了一万二千三百四十五块钱",
        "工单号20261121DH0001237",
        "二零二三年十一月十五号",
        "打了一二三四五三次",
        "班主任老师让家长打扫卫生",
        "一二三楼都没有水",
        "",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(text) == []


def test_a_number_that_lost_a_digit_is_still_hidden_where_it_was_announced() -> None:
    assert found("身份证三七零二零二一九七八零四一二三零一") == [("id", "三七零二零二一九七八零四一二三零一")]
    assert found("我电话是幺三九六四二八五七零") == [("phone", "幺三九六四二八五七零")]


def test_check_digits() -> None:
    assert is_identity_number("11010519491231002X")
    assert not is_identity_number("110105194912310021")
    assert not is_identity_number("11010519491231002")
    assert passes_luhn("4111111111111111")
    assert not passes_luhn("4111111111111112")


def test_masking_says_what_stood_there() -> None:
    assert masked("我叫李建国，电话13964285701，住同安路68号") == "我叫某，电话〔电话〕，住同安路〔门牌〕"
    assert masked("路灯坏了") == "路灯坏了"


def test_nothing_personal_is_left_after_masking() -> None:
    for text, _ in examples(TEST_SET):
        left = [finding for finding in find(masked(text)) if finding.kind is not Kind.NAME]
        assert left == [], masked(text)


def test_the_answer_to_a_question_for_the_name() -> None:
    assert found("王建国", before="请问您贵姓") == [("name", "王建国")]
    assert found("王", before="请问您怎么称呼") == [("name", "王")]
    assert found("王建国", before="请问是几号楼") == []


CONVERSATION = (
    Said("caller", "幺三八", (("幺三八", 1.0, 2.0),)),
    Said("agent", "幺三八", (("幺三八", 2.5, 3.0),)),
    Said("caller", "零零零幺 二三四五", (("零零零幺", 4.0, 5.0), ("二三四五", 5.1, 6.0))),
    Said("caller", "谢谢", (("谢谢", 8.0, 9.0),)),
)


def test_a_number_in_pieces_is_found_across_the_other_speaker() -> None:
    by_piece = find_in_conversation(CONVERSATION)
    assert by_piece[0] == [Finding(0, 3, Kind.PHONE)]
    assert by_piece[2] == [Finding(0, 9, Kind.PHONE)]
    assert by_piece[3] == []


def test_silences_are_when_it_was_said() -> None:
    assert silences(CONVERSATION, "caller") == [
        (pytest.approx(1.0 - MARGIN_S), pytest.approx(2.0 + MARGIN_S)),
        (pytest.approx(4.0 - MARGIN_S), pytest.approx(6.0 + MARGIN_S)),
    ]


def test_without_word_times_the_whole_piece_is_silent() -> None:
    said = Said("caller", "电话是幺三八零零零幺二三四五", span=(3.0, 6.0))
    assert silences([said, Said("caller", "谢谢", span=(7.0, 8.0))]) == [(3.0, 6.0)]


def test_words_beside_what_is_personal_stay_audible() -> None:
    words = (("电话", 0.5, 1.0), ("是", 1.0, 1.2), ("幺三八零零零幺二三四五", 1.6, 3.0), ("谢谢", 3.5, 4.0))
    said = Said("caller", "电话是幺三八零零零幺二三四五谢谢", words)
    assert silences([said]) == [(pytest.approx(1.6 - MARGIN_S), pytest.approx(3.0 + MARGIN_S))]


@pytest.mark.parametrize("form", [lambda example: example, as_recognised], ids=["written", "recognised"])
def test_the_goals_on_our_test_set(form: Callable[[Example], Example]) -> None:
    counts, groups = measure([form(example) for example in examples(TEST_SET)])
    there, hidden = sum(c.there for c in counts.values()), sum(c.found for c in counts.values())
    assert hidden / there >= LEAST_OVERALL
    assert groups.there >= 15
    assert groups.found / groups.there >= LEAST_IN_GROUPS
