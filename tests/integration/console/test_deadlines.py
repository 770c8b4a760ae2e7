"""The deadline calculator's page, and the warning where holidays are not known."""

import re
from pathlib import Path

import pytest
from chinese_calendar import Holiday

from agent_console.app import create_app
from agent_console.deadlines.words import HOLIDAYS, PROFILES
from hotline.context import Context
from hotline.database import Database
from hotline.deadlines.profiles import PROFILES as EVERY_PROFILE
from hotline.people.actors import Actor, Role
from tests.factories import City, FakeTelephone, FixedClock, local, make_context, user
from tests.integration.console.conftest import Browser

FRIDAY = "at=2020-04-30T16:50&type=&track=&urgency=urgent"


@pytest.fixture
def dispatcher(browser: Browser, city: City) -> Browser:
    return browser.sign_in(city.dispatcher)


def _result(page: str) -> str:
    return page.split('id="found"', 1)[1].split('id="beside"', 1)[0]


def test_an_urgent_matter_is_signed_contacted_and_due(dispatcher: Browser) -> None:
    found = _result(dispatcher.get(f"/deadlines/?{FRIDAY}&profile=seed-2011"))
    for said in ("04-30 17:50", "04-30 18:50", "05-03 24:00", "1 小时", "2 小时", "3 天"):
        assert said in found


def test_days_that_were_not_counted_are_named_with_their_reason(dispatcher: Browser) -> None:
    asked = "at=2020-04-30T16:00&urgency=normal&type=&track=&profile=shandong-2020"
    found = _result(dispatcher.get(f"/deadlines/?{asked}"))
    assert "05-11 24:00" in found
    assert "5月1日 周五" in found
    assert "劳动节" in found
    assert "5月10日 周日" in found
    assert "周末" in found
    assert "5月9日 周六" in found
    assert "劳动节调休上班" in found


@pytest.mark.parametrize("profile", sorted(EVERY_PROFILE))
def test_every_profile_can_be_chosen_and_stands_beside_the_others(dispatcher: Browser, profile: str) -> None:
    page = dispatcher.get(f"/deadlines/?{FRIDAY}&profile={profile}")
    assert f'<span class="soft small">{profile}</span></h2>' in page
    rows = "".join(re.findall(r'<th scope="row">.*?</th>', page, re.DOTALL))
    assert all(f'<span class="soft small">{name}</span>' in rows for name in EVERY_PROFILE)


def test_everything_has_words() -> None:
    assert set(PROFILES) == set(EVERY_PROFILE)
    assert set(HOLIDAYS) == {holiday.value for holiday in Holiday}


def test_without_a_question_it_answers_for_now_and_the_profile_in_force(dispatcher: Browser) -> None:
    page = dispatcher.get("/deadlines/")
    assert 'value="2020-04-30T16:00"' in page
    assert re.search(r'<h2>[^<]+ <span class="soft small">seed-2011</span></h2>', page)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("at=&urgency=urgent&profile=seed-2011&type=&track=", "请选择日期和时间"),
        ("at=tomorrow&urgency=urgent&profile=seed-2011&type=&track=", "tomorrow"),
        (
            "at=0001-01-01T00:00&urgency=urgent&profile=seed-2011&type=&track=",
            "请选择 2000 年至 2100 年的日期",
        ),
        (
            "at=9999-12-31T23:59&urgency=urgent&profile=seed-2011&type=&track=",
            "请选择 2000 年至 2100 年的日期",
        ),
        (f"{FRIDAY}&profile=nobody", 'aria-invalid="true"'),
        ("at=2020-04-30T16:50&urgency=soon&profile=seed-2011&type=&track=", 'aria-invalid="true"'),
    ],
)
def test_nonsense_is_refused_next_to_its_field(dispatcher: Browser, asked: str, said: str) -> None:
    answer = dispatcher.client.get(f"/deadlines/?{asked}")
    assert answer.status_code == 422
    assert said in answer.text
    assert 'id="found"' not in answer.text


def test_a_type_shortens_the_result(dispatcher: Browser) -> None:
    asked = "at=2020-04-30T16:00&urgency=normal&type=consultation&track=&profile=sichuan-2025"
    found = _result(dispatcher.get(f"/deadlines/?{asked}"))
    assert "3 个工作日" in found
    assert "05-08 24:00" in found


def test_it_speaks_english(browser: Browser, all_rounder: Actor, language: str) -> None:
    page = browser.sign_in(all_rounder).get(
        "/deadlines/?at=2020-04-30T16:00&urgency=normal&type=&track=&profile=shandong-2020"
    )
    assert ("Sun 10 May" in page) == (language == "en")
    assert ("5月10日 周日" in page) == (language == "zh")


def test_it_is_for_the_hotline(browser: Browser, city: City) -> None:
    for closed in (city.handler, city.leader):
        browser.sign_in(closed)
        assert browser.client.get("/deadlines/").status_code == 403
        browser.post("/sign-out")
    assert browser.client.get("/deadlines/").status_code == 302
    assert "期限计算" in browser.sign_in(city.agent).get("/deadlines/")


def test_whoever_can_see_to_it_is_told_on_their_start_page(
    browser: Browser, city: City, context: Context, clock: FixedClock
) -> None:
    administrator = user(context, city.hotline_id, Role.ADMINISTRATOR)
    clock.set(local("2199-03-01 09:00"))
    for actor in (city.supervisor, administrator):
        browser.sign_in(actor)
        start = browser.client.get("/").location
        assert "2199 年的放假安排" in browser.get(start)
        assert "2199 年的放假安排" not in browser.get("/places/")
        assert "2199 年的放假安排" in browser.get("/deadlines/")
        browser.post("/sign-out")
    assert "放假安排" not in browser.sign_in(city.agent).get("/desk/")


def test_nothing_is_said_while_all_is_known(browser: Browser, city: City) -> None:
    browser.sign_in(city.supervisor)
    assert "放假安排" not in browser.get("/board/")
    assert "放假安排" not in browser.get("/deadlines/")


def test_the_tracks_stand_below(dispatcher: Browser) -> None:
    page = dispatcher.get("/deadlines/").split('id="tracks"', 1)[1]
    assert "只用于：急件、特急件。" in page
    assert "可叠加时限方案 137" in page
    assert "指定一名协调人。" in page
    assert "先报领导" in page


def test_a_profile_that_is_laid_over_for_the_track_is_named(
    sqlite_database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    context = make_context(
        sqlite_database,
        clock,
        tmp_path,
        deadline_profile="shandong-2017-prov",
        track_profiles={"timely": "137"},
    )
    city = City.founded(context)
    browser = Browser(create_app(context, FakeTelephone())).sign_in(city.dispatcher)
    asked = "at=2020-04-30T16:00&urgency=normal&type=&profile=shandong-2017-prov&track="
    timely = _result(browser.get(f"/deadlines/?{asked}timely"))
    assert "叠加了时限方案 137" in timely
    assert "05-07 24:00" in timely
    other = _result(browser.get(f"/deadlines/?{asked}coordinated"))
    assert "叠加" not in other
    assert "05-25 24:00" in other
