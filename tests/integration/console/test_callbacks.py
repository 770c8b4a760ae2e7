"""Owed callbacks, messages and skills, as agents and supervisors see them."""

from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.callbacks.service import take_turns
from hotline.calls.messages import message_left
from hotline.calls.models import Call, CallbackState, OwedCallback, SeatState
from hotline.calls.seats import seat_changed, seat_registered
from hotline.calls.service import call_answered, call_ended, call_queued, open_call
from hotline.context import Context
from hotline.people.actors import Actor
from hotline.queueing.models import Skill
from hotline.queueing.queries import levels_of, skills
from hotline.transcripts.models import Recording, Speaker
from hotline.transcripts.service import TrackFile, register_recording
from tests.factories import City, FakeTelephone, FixedClock
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import CHINESE, NOT_OURS, _is_sound

NUMBER = "13900000001"


def abandons(context: Context, linkedid: str = "a", number: str = NUMBER) -> None:
    open_call(context, linkedid, number, "12345")
    call_queued(context, linkedid)
    call_ended(context, linkedid)


def owed(context: Context) -> OwedCallback:
    with context.reading() as session:
        return session.scalars(select(OwedCallback)).one()


@pytest.mark.parametrize("path", ["/callbacks/", "/skills/"])
def test_the_pages_render(path: str, browser: Browser, all_rounder: Actor, language: str) -> None:
    page = browser.sign_in(all_rounder).get(path)
    _is_sound(page, language)
    if language == "en":
        assert not CHINESE.search(NOT_OURS.sub("", page).replace("热线中心", ""))


def test_the_list_shows_no_whole_number(browser: Browser, city: City) -> None:
    abandons(city.context)
    page = browser.sign_in(city.agent).get("/callbacks/")
    assert "139****0001" in page
    assert NUMBER not in page


def test_who_left_a_message_by_key_did_not_just_hang_up(browser: Browser, city: City) -> None:
    abandons(city.context)
    browser.sign_in(city.agent)
    assert "没等到人接就挂断</td>" in browser.get("/callbacks/")
    message_left(city.context, "a")
    assert "没等到人接，按键留了言</td>" in browser.get("/callbacks/")


def test_a_number_that_the_rules_forbid_stays_owed_and_says_why(
    browser: Browser, city: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    seat_registered(city.context, "1001", True)
    seat_changed(city.context, "1001", SeatState.READY)
    abandons(city.context, number="053216812345")
    clock.advance(minutes=2)
    assert take_turns(city.context, telephone) == 0
    row = owed(city.context)
    assert (row.state, row.due_at, row.done_at) == (CallbackState.PERSON, None, None)
    assert "外呼规则不允许：高额收费号码" in browser.sign_in(city.agent).get("/callbacks/")
    answer = browser.post(f"/callbacks/{row.id}/call")
    assert (answer.status_code, "外呼规则不允许：高额收费号码。" in answer.text) == (409, True)
    assert owed(city.context).state is CallbackState.PERSON
    assert telephone.asked == []


def test_an_agent_calls_one_back(browser: Browser, city: City, telephone: FakeTelephone) -> None:
    abandons(city.context)
    browser.sign_in(city.agent)
    path = f"/callbacks/{owed(city.context).id}/call"
    refused = browser.post(path)
    assert (refused.status_code, "您的电话没有连上" in refused.text) == (409, True)
    assert telephone.asked == []
    seat_registered(city.context, "1001", True)
    assert browser.post(path).status_code == 302
    assert [words[0] for words in telephone.asked] == ["call_back"]
    assert telephone.asked[0][-1] == "1001"
    again = browser.post(path)
    assert (again.status_code, "正在拨打" in again.text) == (409, True)


def test_a_telephone_that_is_away_changes_nothing(
    browser: Browser, city: City, telephone: FakeTelephone
) -> None:
    abandons(city.context)
    seat_registered(city.context, "1001", True)
    telephone.away = True
    browser.sign_in(city.agent)
    assert browser.post(f"/callbacks/{owed(city.context).id}/call").status_code == 409
    assert owed(city.context).state is CallbackState.WAITING


def test_marking_one_done_needs_a_reason(browser: Browser, city: City) -> None:
    abandons(city.context)
    browser.sign_in(city.agent)
    path = f"/callbacks/{owed(city.context).id}/done"
    assert browser.post(path, reason=" ").status_code == 422
    assert browser.post(path, reason="市民已到窗口").status_code == 302
    assert owed(city.context).done_reason == "市民已到窗口"
    assert browser.post("/callbacks/999/done", reason="x").status_code == 404


def test_one_in_the_line_can_be_settled_until_its_citizen_is_dialled(
    browser: Browser, city: City, telephone: FakeTelephone
) -> None:
    abandons(city.context)
    seat_registered(city.context, "1001", True)
    browser.sign_in(city.agent)
    path = f"/callbacks/{owed(city.context).id}"
    browser.post(f"{path}/call")
    page = browser.get("/callbacks/")
    assert f'action="{path}/done"' in page
    assert f'action="{path}/call"' not in page
    linkedid = telephone.asked[-1][2]
    call_answered(city.context, linkedid, "1001", "2.1", "PJSIP/agent-1001-00000001")
    page = browser.get("/callbacks/")
    assert "正在拨打" in page
    assert f'action="{path}/done"' not in page
    telephone.dialled = True
    refused = browser.post(f"{path}/done", reason="市民又打来")
    assert (refused.status_code, "正在拨打这位市民" in refused.text) == (409, True)
    telephone.dialled = False
    assert browser.post(f"{path}/done", reason="市民又打来").status_code == 302
    assert owed(city.context).done_reason == "市民又打来"


def test_a_message_is_heard_and_read(browser: Browser, city: City, clock: FixedClock, tmp_path: Path) -> None:
    context = city.context
    abandons(context)
    sound = context.settings.spool_dir / "2020/04/30/a"
    sound.mkdir(parents=True)
    (sound / "message.wav").write_bytes(b"RIFF")
    register_recording(
        context, "a", "2020/04/30/a", [TrackFile(Speaker.MESSAGE, "2020/04/30/a/message.wav", 4.0, 2.0, "")]
    )
    message_left(context, "a")
    page = browser.sign_in(city.agent).get("/callbacks/")
    assert "正在转写成文字" in page
    path = page.split('src="/callbacks/message/', 1)[1].split('"', 1)[0]
    with browser.client.get(f"/callbacks/message/{path}") as answer:
        assert answer.data == b"RIFF"
    with context.reading() as session:
        track = session.scalars(select(Recording)).one().tracks[0]
    assert browser.client.get(f"/callbacks/message/999/{track.id}").status_code == 404
    draft = path.partition("/")[0]
    desk = browser.get(f"/desk/?draft={draft}")
    assert f'src="/callbacks/message/{path}"' in desk  # whoever writes it down hears it there
    assert "正在转写成文字" in desk


def test_a_supervisor_makes_a_line_and_gives_it_people(
    browser: Browser, city: City, telephone: FakeTelephone
) -> None:
    browser.sign_in(city.supervisor)
    line = {"code": "yue", "name_zh": "粤语", "name_en": "Cantonese", "overflow_seconds": "60"}
    assert browser.post("/skills/", **line).status_code == 302
    assert browser.post("/skills/", **line | {"code": "YUE;"}).status_code == 422
    user_id = city.agent.user_id
    assert user_id
    assert browser.post(f"/skills/agents/{user_id}", **{"skill-yue": "2"}).status_code == 302
    for wrong in ({"skill-yue": "0"}, {"skill-min": "1"}, {"skill-yue": "x"}):
        assert browser.post(f"/skills/agents/{user_id}", **wrong).status_code == 422
    with city.context.reading() as session:
        assert [skill.code for skill in skills(session)] == ["yue"]
        assert levels_of(session, user_id) == {"yue": 2}
    assert telephone.asked == [("queues_changed",), ("queues_changed",)]


def test_an_agent_may_not_change_skills(browser: Browser, city: City) -> None:
    with city.context.writing() as session:
        session.add(Skill(code="yue", name_zh="粤语", name_en="Cantonese"))
    browser.sign_in(city.agent)
    assert browser.client.get("/skills/").status_code == 403
    assert browser.post(f"/skills/agents/{city.agent.user_id}", **{"skill-yue": "1"}).status_code == 403


def test_the_board_says_how_right_the_announced_waits_were(
    browser: Browser, city: City, clock: FixedClock
) -> None:
    context = city.context
    open_call(context, "a", NUMBER, "12345")
    call_queued(context, "a")
    with context.writing() as session:
        call = session.scalars(select(Call)).one()
        call.estimated_at, call.estimated_seconds = clock.now(), 90
    clock.advance(seconds=60)
    call_answered(context, "a", "1001", "leg", "PJSIP/agent-1001-00000001")
    page = browser.sign_in(city.agent).get("/board/")
    assert "平均报 90 秒，实际 60 秒，平均相差 30 秒" in page
