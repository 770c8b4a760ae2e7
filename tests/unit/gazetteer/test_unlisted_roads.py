"""Where the name of a road begins that no gazetteer knows."""

import pytest

from hotline.gazetteer.unlisted import unlisted_road


@pytest.mark.parametrize(
    ("text", "named", "road"),
    [
        ("我家住在市南区长江路六十二号楼下", [7], "长江路"),
        ("哈尔滨路三号没水了", [], "哈尔滨路"),
        ("请问延安三路十号怎么走", [], "延安三路"),
        ("我们东海中路二十号停电", [], "东海中路"),
        ("我住和平路八号", [], "和平路"),
        ("就是那个江苏路十六号院", [], "江苏路"),
        ("市北区幸福大街8号没水", [3], "幸福大街"),
    ],
)
def test_the_name_begins_behind_what_is_said_before_it(text: str, named: list[int], road: str) -> None:
    found = unlisted_road(text, named)
    assert found is not None
    name, start, house = found
    assert (name, text[start:].startswith(road)) == (road, True)
    assert house.number.rstrip("号院").isdigit()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "路八号",
        "一路八号",
        "走在半路上八号线",
        "长江路没有路灯",
        "中山\n路八号",
        "长江路\n八号",
        "长江路号",
    ],
)
def test_without_a_name_and_a_number_it_is_no_road(text: str) -> None:
    assert unlisted_road(text) is None
