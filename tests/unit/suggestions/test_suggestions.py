"""What a caller's words suggest, and which words it comes from."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hotline.cli.demo.city import MATTERS
from hotline.cli.demo.gazetteer import places as city_places
from hotline.gazetteer.rules import Entry, PlaceIndex
from hotline.suggestions.classifier import Classifier, Linear
from hotline.suggestions.features import features
from hotline.suggestions.kinds import kinds
from hotline.suggestions.places import UNLISTED
from hotline.suggestions.rules import Knowledge, suggest, without_places
from hotline.suggestions.values import Evidence, Field, Piece, Spoken, Suggestion

# A Friday.
MOMENT = datetime(2026, 11, 20, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@cache
def knowledge() -> Knowledge:
    """Made by the first test: a second that nobody need wait for who only collects them."""
    return Knowledge(
        index=PlaceIndex(
            Entry(p.kind, p.name, p.district, p.street, tuple(p.aliases)) for p in city_places()
        ),
        keywords={matter.code: matter.words for matter in MATTERS},
        department=lambda category, district: ("heating", "category") if category == "heating" else None,
    )


def suggested(text: str, *more: Piece) -> dict[Field, Suggestion]:
    return {s.field: s for s in suggest([Piece("caller", text), *more], MOMENT, knowledge())}


def test_a_whole_complaint() -> None:
    found = suggested("您好我要投诉市北区同安路六十八号的暖气昨天晚上就不热了希望尽快派人来修")
    assert {field: s.value for field, s in found.items() if field is not Field.DESCRIPTION} == {
        Field.DISTRICT: "市北区",
        Field.STREET: "辽源路街道",
        Field.ADDRESS: "同安路68号",
        Field.TYPE: "complaint",
        Field.CATEGORY: "heating",
        Field.OCCURRED_AT: "2026-11-19T20:00",
        Field.DEMANDS: "我要投诉市北区同安路六十八号的暖气昨天晚上就不热了希望尽快派人来修",
        Field.DEPARTMENT: "heating",
    }
    assert found[Field.ADDRESS].evidence == (Evidence("同安路六十八号"),)
    assert found[Field.OCCURRED_AT].evidence == (Evidence("昨天晚上"),)
    assert all(0 < s.confidence <= 1 for s in found.values())


def test_the_second_at_which_the_words_were_said() -> None:
    words = (("喂", 0.2, 0.5), ("同安路", 1.0, 1.6), ("六十八", 1.6, 2.1), ("号", 2.1, 2.3))
    second = Piece("caller", "喂同安路六十八号", 0.2, 2.3, words)
    found = {s.field: s for s in suggest([Piece("caller", "你好", 0.0, 0.1), second], MOMENT, knowledge())}
    assert found[Field.ADDRESS].evidence == (Evidence("同安路六十八号", 1.0),)


def test_the_agents_words_suggest_nothing() -> None:
    agent = Piece("agent", "请问是市北区同安路六十八号的暖气吗")
    assert suggest([agent], MOMENT, knowledge()) == []


def test_nothing_said_suggests_nothing() -> None:
    assert suggest([], MOMENT, knowledge()) == []
    assert suggest([Piece("caller", "  ")], MOMENT, knowledge()) == []


def test_nothing_is_matched_across_two_pieces() -> None:
    assert Field.ADDRESS not in suggested("在同", Piece("caller", "安路上"))


def test_a_district_follows_from_the_road() -> None:
    found = suggested("海尔路一百八十号没水了")
    assert found[Field.DISTRICT].value == "崂山区"
    assert found[Field.DISTRICT].evidence == (Evidence("海尔路"),)


def test_a_road_that_no_gazetteer_knows_is_told_by_its_number() -> None:
    found = suggested("我家住在市南区长江路六十二号楼下饭店天天半夜排油烟")
    assert (found[Field.DISTRICT].value, found[Field.ADDRESS].value) == ("市南区", "长江路62号")
    assert (found[Field.ADDRESS].evidence, found[Field.ADDRESS].note) == (
        (Evidence("长江路六十二号"),),
        UNLISTED,
    )
    assert Field.ADDRESS not in suggested("我家住在市南区长江路楼下饭店天天半夜排油烟")


def test_a_road_of_the_gazetteer_goes_before_one_that_is_not_in_it() -> None:
    found = suggested("长江路六十二号往同安路走路灯不亮")
    assert (found[Field.ADDRESS].value, found[Field.ADDRESS].note) == ("同安路", "")


def test_a_road_in_two_districts_names_none() -> None:
    assert Field.DISTRICT not in suggested("山东路六号路灯坏了")
    assert suggested("市南区山东路六号路灯坏了")[Field.DISTRICT].value == "市南区"


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("今天早上", "2026-11-20T08:00"),
        ("昨晚", "2026-11-19T20:00"),
        ("昨天下午三点半", "2026-11-19T15:30"),
        ("前天", "2026-11-18T00:00"),
        ("三天前", "2026-11-17T00:00"),
        ("停了三天了", "2026-11-17T00:00"),
        ("暖气三天不热了", "2026-11-17T00:00"),
        ("两个星期前", "2026-11-06T00:00"),
        ("上周五", "2026-11-13T00:00"),
        ("这周一晚上", "2026-11-16T20:00"),
        ("上个月", "2026-10-20T00:00"),
        ("十一月五号上午九点", "2026-11-05T09:00"),
        ("十二月一号", "2025-12-01T00:00"),
        ("刚才", "2026-11-20T10:30"),
    ],
)
def test_when_it_happened(words: str, at: str) -> None:
    assert suggested(f"{words}路灯坏了")[Field.OCCURRED_AT].value == at


@pytest.mark.parametrize("words", ["", "二月三十号", "今天晚上"])
def test_no_time_no_impossible_day_and_nothing_in_the_future(words: str) -> None:
    assert Field.OCCURRED_AT not in suggested(f"{words}路灯坏了")


def test_what_recurs_is_no_moment() -> None:
    found = suggested("楼下每天晚上都很吵")
    assert found[Field.RECURS].value == "每天晚上"
    assert Field.OCCURRED_AT not in found


@pytest.mark.parametrize(
    ("text", "urgency", "services"),
    [
        ("我家煤气漏了味道很大", "flash", ["119"]),
        ("楼顶有人要跳楼", "flash", ["110", "120"]),
        ("电梯里有人被困", "flash", ["119"]),
        ("有人拿着刀在楼道里", "flash", ["110"]),
        ("井盖没了很危险", "urgent", []),
        ("停水两天了家里有老人", "urgent", []),
        ("消防通道堵了万一着火怎么办", None, []),
        ("路灯坏了", None, []),
        ("求助我妈卧床不起家里没有人照顾", "urgent", []),
        ("帮帮我我胰岛素断药两天了", "urgent", []),
        ("身无分文没地方住", "urgent", []),
        ("帮我看看担心老人没人照顾", None, []),
        ("我要投诉食堂没有饭吃", None, []),
        ("请问没钱看病有什么政策", None, []),
        ("求助我家着火了老人动不了", "flash", ["119"]),
    ],
)
def test_danger(text: str, urgency: str | None, services: list[str]) -> None:
    found = suggest([Piece("caller", text)], MOMENT, knowledge())
    assert next((s.value for s in found if s.field is Field.URGENCY), None) == urgency
    assert [s.value for s in found if s.field is Field.HAND_OVER] == services


def test_praise_for_a_rescue_calls_nobody() -> None:
    assert Field.HAND_OVER not in suggested("我要表扬公交司机有人晕倒了他马上停车")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我要举报有人偷排污水", "report"),
        ("请问医保怎么办", "consultation"),
        ("我建议装个红绿灯", "suggestion"),
        ("我要表扬维修师傅", "praise"),
        ("我要投诉物业", "complaint"),
        ("路灯坏了", "help"),
    ],
)
def test_types_without_a_classifier(text: str, kind: str) -> None:
    assert suggested(text)[Field.TYPE].value == kind


def test_who_is_complained_of() -> None:
    found = suggested("我要投诉阳光物业公司乱收费")
    assert found[Field.RESPONDENT].value == "阳光物业公司"
    assert Field.RESPONDENT not in suggested("请问物业公司的电话是多少")


def test_demands_are_lines() -> None:
    found = suggested("路灯坏了，希望尽快修好，另外能不能装个摄像头")
    assert found[Field.DEMANDS].value == "希望尽快修好\n另外能不能装个摄像头"
    assert found[Field.DESCRIPTION].value == "路灯坏了，希望尽快修好，另外能不能装个摄像头。"


def test_pauses_part_what_is_said() -> None:
    words = (("路灯坏了", 0.0, 1.0), ("希望修好", 1.5, 2.5))
    piece = Piece("caller", "路灯坏了希望修好", 0.0, 2.5, words)
    found = {s.field: s for s in suggest([piece], MOMENT, knowledge())}
    assert found[Field.DEMANDS].value == "希望修好"


def test_similar_tickets_are_asked_for_with_what_was_suggested() -> None:
    asked: list[dict[Field, str]] = []

    def similar(text: str, values: dict[Field, str]) -> list[Suggestion]:
        asked.append(dict(values))
        return [Suggestion(Field.SIMILAR, "20261120DH0000011", 0.7)]

    alike = Knowledge(knowledge().index, keywords=knowledge().keywords, similar=similar)  # type: ignore[arg-type]
    found = suggest([Piece("caller", "同安路六十八号暖气不热")], MOMENT, alike)
    assert found[-1].value == "20261120DH0000011"
    assert asked[0][Field.ADDRESS] == "同安路68号"


def test_places_are_no_part_of_the_matter() -> None:
    assert without_places("市北区同安路六十八号路灯坏了", knowledge().index) == "，，路灯坏了"


def test_evidence_of_joined_pieces() -> None:
    spoken = Spoken((Piece("caller", "一", 1.0), Piece("caller", "二三", 5.0)))
    assert spoken.text == "一\n二三"
    assert [spoken.second(place) for place in (0, 2, 3)] == [1.0, 5.0, 5.0]


def test_what_was_learnt_of_a_category_that_is_offered_no_more_is_not_suggested() -> None:
    """The next most probable is, if it is probable enough."""
    text = "路灯坏了"
    nothing = np.zeros((2, 1), np.float32)
    answers = Linear(("heating", "street_light"), nothing, np.array([1.0, 0.0], np.float32))
    learnt = Classifier(
        dict.fromkeys(features(text), 0), np.ones(1, np.float32), {"category": answers}, MOMENT, 2
    )

    def category(keywords: dict[str, tuple[str, ...]]) -> str | None:
        found = kinds(Spoken((Piece("caller", text),)), text, learnt, keywords)
        return next((one.value for one in found if one.field is Field.CATEGORY), None)

    assert category({"heating": (), "street_light": ()}) == "heating"
    assert category({"street_light": ()}) == "street_light"
    assert category({}) is None
