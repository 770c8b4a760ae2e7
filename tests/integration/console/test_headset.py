"""What `hotline headset` asks of the hotline: sign-in, the line, a call's steps; and who is refused what."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from hotline.calls.models import SeatState
from hotline.calls.seats import seat_changed, seat_of, seat_registered
from hotline.monitoring.floor import FORCED
from hotline.people.actors import Role
from hotline.people.models import User
from tests.factories import PASSWORD, City, FakeTelephone, FixedClock, user
from tests.integration.console.conftest import Browser


class Headset:
    """A program that signed in and shows its token."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self._client, self._token = client, token

    def post(self, path: str) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = self._client.post(f"/headset{path}", headers=headers)
        return answer.status_code, answer.json


def sign_in(browser: Browser, username: str, password: str = PASSWORD) -> tuple[int, Any]:
    answer = browser.client.post("/headset/sign-in", json={"username": username, "password": password})
    return answer.status_code, answer.json


@pytest.fixture
def headset(browser: Browser, city: City) -> Headset:
    status, given = sign_in(browser, city.agent.name)
    assert (status, given["extension"], given["name"]) == (200, "1001", city.agent.name)
    return Headset(browser.client, given["token"])


def test_a_line_is_the_seats_own_and_its_audio_is_at_the_exchange(
    headset: Headset, telephone: FakeTelephone
) -> None:
    assert headset.post("/line") == (200, {"media": "ws://localhost:8088/media/line-of-1001"})
    assert headset.post("/line/close") == (200, {"done": True})
    assert telephone.asked == [("open_line", "1001"), ("close_line", "1001")]


@pytest.mark.parametrize(
    ("step", "order"),
    [("rings", "headset_rings"), ("answer", "headset_answers"), ("hang-up", "headset_hangs_up")],
)
def test_steps_of_a_call(headset: Headset, telephone: FakeTelephone, step: str, order: str) -> None:
    assert headset.post(f"/call/{step}") == (409, {"refused": "no_call"})
    telephone.at_headsets.add("1001")
    assert headset.post(f"/call/{step}") == (200, {"done": True})
    assert telephone.asked == [(order, "1001")]


def test_the_seat_is_made_ready_paused_and_signed_off(
    headset: Headset, city: City, telephone: FakeTelephone
) -> None:
    states = []
    for wanted in ("ready", "pause", "off"):
        assert headset.post(f"/seat/{wanted}") == (200, {"done": True})
        with city.context.reading() as session:
            states.append(seat_of(session, "1001").state)
    assert states == [SeatState.READY, SeatState.PAUSED, SeatState.OFFLINE]
    telephone.unplugged.add("1001")
    assert headset.post("/seat/ready") == (409, {"refused": "no_telephone"})


def test_what_the_seat_does_is_told_in_words(headset: Headset, city: City, clock: FixedClock) -> None:
    assert headset.post("/seat") == (200, {"words": "离线", "seconds": 0})
    seat_registered(city.context, "1001", True)
    headset.post("/seat/ready")
    clock.advance(seconds=5)
    assert headset.post("/seat") == (200, {"words": "就绪", "seconds": 5})
    seat_changed(city.context, "1001", SeatState.PAUSED, FORCED)
    clock.advance(minutes=2)
    assert headset.post("/seat") == (200, {"words": "暂停 · 督办员要求", "seconds": 120})
    seat_registered(city.context, "1001", False)
    assert headset.post("/seat")[1]["words"] == "电话没有连上"


def test_an_exchange_that_is_away_is_told_as_such(headset: Headset, telephone: FakeTelephone) -> None:
    telephone.away = True
    for path in ("/line", "/line/close", "/seat/off"):
        assert headset.post(path) == (503, {"refused": "telephone_away"})


@pytest.mark.parametrize("path", ["/call/dance", "/seat/asleep"])
def test_unknown_steps_are_refused(headset: Headset, telephone: FakeTelephone, path: str) -> None:
    assert headset.post(path) == (404, {"refused": "unknown"})
    assert telephone.asked == []


def test_wrong_passwords_lock_and_say_so(browser: Browser, city: City) -> None:
    for _ in range(5):
        assert sign_in(browser, city.agent.name, "wrong password") == (401, {"refused": "wrong_password"})
    assert sign_in(browser, city.agent.name) == (401, {"refused": "locked"})


def test_headsets_are_for_agents_with_a_seat(browser: Browser, city: City) -> None:
    seatless = user(city.context, city.hotline_id, Role.AGENT)
    assert sign_in(browser, city.handler.name) == (403, {"refused": "not_an_agent"})
    assert sign_in(browser, seatless.name) == (403, {"refused": "no_seat"})
    assert browser.client.post("/headset/sign-in", data=b"[1]").status_code == 400


def test_a_token_opens_nothing_but_the_headsets_views(browser: Browser, headset: Headset) -> None:
    assert headset.post("/line")[0] == 200
    bearer = {"Authorization": f"Bearer {headset._token}"}
    assert browser.client.get("/desk/", headers=bearer).status_code == 401
    assert browser.client.post("/desk/seat/ready", headers=bearer).status_code in (400, 401)


def test_no_token_a_forged_one_or_somebody_who_has_left_is_refused(
    browser: Browser, city: City, headset: Headset, telephone: FakeTelephone
) -> None:
    for token in ("", "forged", headset._token[:-2]):
        assert Headset(browser.client, token).post("/line")[0] == 401
    assert browser.client.post("/headset/line").status_code in (302, 401)
    with city.context.writing() as session:
        session.get_one(User, city.agent.user_id).is_active = False
    assert headset.post("/line")[0] == 401
    assert telephone.asked == []


def test_a_supervisor_has_a_line_but_takes_no_calls_of_the_queue(
    browser: Browser, city: City, telephone: FakeTelephone
) -> None:
    boss = user(city.context, city.hotline_id, Role.SUPERVISOR, extension="2001")
    status, given = sign_in(browser, boss.name)
    assert (status, given["extension"]) == (200, "2001")
    headset = Headset(browser.client, given["token"])
    assert headset.post("/line")[0] == 200
    assert headset.post("/seat/ready") == (403, {"refused": "not_an_agent"})
    assert telephone.asked == [("open_line", "2001")]
