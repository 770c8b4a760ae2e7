"""Merging in the console: candidates with a button, refusals beside the field, families, the supervisor."""

import pytest

from hotline.follow_up.queries import of_ticket
from hotline.follow_up.rules import Finding
from hotline.follow_up.service import find, record_by_hand
from hotline.merging.service import merge
from hotline.review.service import accept_reply
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State
from tests.factories import CITIZEN, City, FixedClock
from tests.integration.console.conftest import Browser
from tests.integration.console.test_citizens import Citizen, citizen  # noqa: F401 - a fixture
from tests.integration.console.test_pages import number_of

OTHER = "13900000001"


def state_of(city: City, ticket_id: int) -> State:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).state


def family(city: City) -> tuple[int, int]:
    """A master with an accepted reply and another citizen's ticket under it."""
    master_id, child_id = city.replied(), city.registered(OTHER)
    merge(city.context.acting_as(city.screener), child_id, number_of(city, master_id))
    accept_reply(city.context.acting_as(city.reviewer), master_id)
    return master_id, child_id


def says_no(city: City, ticket_id: int) -> None:
    calling = city.context.acting_as(city.callback_agent)
    with city.context.reading() as session:
        follow_up_id = of_ticket(session, ticket_id)[-1].id
    record_by_hand(calling, follow_up_id, solved=False, satisfaction=4)
    find(calling, follow_up_id, Finding.SUBJECTIVE, "还是没有水")


def test_a_candidate_is_merged_with_one_press(browser: Browser, city: City) -> None:
    master_id, ticket_id = city.signed(), city.registered()
    master, number = number_of(city, master_id), number_of(city, ticket_id)
    browser.sign_in(city.screener)
    for page in (browser.get(f"/tickets/{number}"), browser.get(f"/screening?open={number}")):
        assert f'name="master_number" value="{master}"' in page
        for word in ("相近度 100%", "同一电话", "同一分类", "同一地点或道路", "内容相近", "很可能是同一件事"):
            assert word in page
    answer = browser.post(f"/tickets/{number}/merge", master_number=master, back="screening.queue")
    assert (answer.status_code, answer.location) == (302, "/screening")
    assert state_of(city, ticket_id) is State.MERGED
    page = browser.get(f"/tickets/{number}")
    assert "已并单：随主工单办理" in page
    assert f'href="/tickets/{master}"' in page
    assert "同一电话重复反映" in page
    assert f'href="/tickets/{number}"' in browser.get(f"/tickets/{master}")


def test_nothing_alike_leaves_the_field_alone(browser: Browser, city: City) -> None:
    number = number_of(city, city.registered())
    page = browser.sign_in(city.screener).get(f"/tickets/{number}")
    assert "没有找到相近的在办工单" in page
    assert "merge-candidates" not in page


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ("", 422, "请写明主工单编号"),
        ("9" * 81, 422, "编号太长"),
        ("20200430DH9999999", 409, "没有找到这个编号的工单"),
    ],
)
def test_what_was_typed_stays_beside_the_reason(
    typed: str, status: int, words: str, browser: Browser, city: City
) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    browser.sign_in(city.screener)
    answer = browser.post(f"/tickets/{number}/merge", master_number=typed)
    assert (answer.status_code, words in answer.text) == (status, True)
    assert f'value="{typed}"' in answer.text
    assert state_of(city, ticket_id) is State.REGISTERED
    answer = browser.post(f"/tickets/{number}/merge", master_number=number)
    assert "不能并入自己" in answer.text


def test_only_screeners_merge_and_only_supervisors_take_out(browser: Browser, city: City) -> None:
    master_id, child_id = family(city)
    master, child = number_of(city, master_id), number_of(city, child_id)
    ticket = number_of(city, city.registered("13900000009"))
    for actor in (city.agent, city.dispatcher, city.supervisor, city.handler, city.callback_agent):
        browser.sign_in(actor)
        assert browser.post(f"/tickets/{ticket}/merge", master_number=master).status_code == 403
        if actor is not city.supervisor:
            for step in ("unmerge", "reopen-master"):
                assert browser.post(f"/tickets/{child}/{step}", apart="x", why="x").status_code == 403
            assert browser.client.get("/merged").status_code == 403
        browser.post("/sign-out")


def test_a_department_learns_how_many_and_not_who(browser: Browser, city: City) -> None:
    master_id, child_id = family(city)
    page = browser.sign_in(city.handler).get(f"/tickets/{number_of(city, master_id)}")
    assert "另有 1 件工单反映同一件事" in page
    assert f'href="/tickets/{number_of(city, child_id)}"' not in page
    assert OTHER not in page
    assert browser.client.get(f"/tickets/{number_of(city, child_id)}").status_code == 403


def test_each_citizen_is_followed_up_with_the_masters_reply_on_the_page(browser: Browser, city: City) -> None:
    master_id, child_id = family(city)
    child = number_of(city, child_id)
    browser.sign_in(city.callback_agent)
    page = browser.get("/follow-ups")
    assert number_of(city, master_id) in page
    assert child in page
    page = browser.get(f"/tickets/{child}")
    assert "水压已恢复，加压泵已更换。" in page
    answer = browser.post(f"/tickets/{child}/answers", solved="yes", satisfaction="2")
    assert answer.status_code == 302
    assert (state_of(city, child_id), state_of(city, master_id)) == (State.CLOSED, State.CALLBACK)
    assert "水压已恢复，加压泵已更换。" in browser.get(f"/tickets/{child}")


def test_a_no_after_the_closing_reaches_the_supervisor(
    browser: Browser, city: City, clock: FixedClock
) -> None:
    master_id, child_id = family(city)
    calling = city.context.acting_as(city.callback_agent)
    with city.context.reading() as session:
        own = of_ticket(session, master_id)[-1].id
    record_by_hand(calling, own, solved=True, satisfaction=1)
    says_no(city, child_id)
    child = number_of(city, child_id)
    browser.sign_in(city.supervisor)
    page = browser.get(f"/merged?open={child}")
    assert child in page
    assert "市民说没有解决，主工单已办结" in page
    answer = browser.post(f"/tickets/{child}/reopen-master", why="")
    assert (answer.status_code, "请写明理由" in answer.text) == (422, True)
    clock.advance(days=31)
    assert "请拆出这件" in browser.get(f"/tickets/{child}")
    answer = browser.post(f"/tickets/{child}/reopen-master", why="还是没有水")
    assert (answer.status_code, "办结已超过 30 天" in answer.text) == (409, True)
    clock.advance(days=-31)
    answer = browser.post(f"/tickets/{child}/reopen-master", why="还是没有水", back="merging.queue")
    assert (answer.status_code, answer.location) == (302, "/merged")
    assert state_of(city, master_id) is State.TO_DISPATCH
    assert "没有等处理的并单" in browser.get("/merged")


def test_a_supervisor_takes_a_ticket_out(browser: Browser, city: City) -> None:
    _, child_id = family(city)
    child = number_of(city, child_id)
    browser.sign_in(city.supervisor)
    answer = browser.post(f"/tickets/{child}/unmerge", apart="长" * 501)
    assert (answer.status_code, "长" * 501 in answer.text) == (422, True)
    assert browser.post(f"/tickets/{child}/unmerge", apart="两处水管").status_code == 302
    assert state_of(city, child_id) is State.REGISTERED
    assert "两处水管" in browser.get(f"/tickets/{child}")


def test_the_citizens_page_of_a_child(citizen: Citizen, city: City) -> None:  # noqa: F811
    _, child_id = family(city)
    page = citizen.open(child_id)
    for words in (
        "<h1>已答复</h1>",
        "这件事另有工单正在办理",
        "水压已恢复，加压泵已更换。",
        "水务局",
        "交给部门办理",
    ):
        assert words in page
    assert CITIZEN not in page
    assert "部门和您联系" not in page, "it was the other citizen whom they called"
    assert citizen.post("/progress/rate", solved="yes", satisfaction="1").status_code == 302
    assert "<h1>已办结</h1>" in citizen.page()
    assert state_of(city, child_id) is State.CLOSED


def test_a_hidden_candidate_is_offered_to_nobody(browser: Browser, city: City) -> None:
    master_id, ticket_id = city.signed(), city.registered()
    with city.context.writing() as session:
        session.get_one(Ticket, master_id).confidentiality = Confidentiality.HIDDEN
    page = browser.sign_in(city.screener).get(f"/tickets/{number_of(city, ticket_id)}")
    assert "没有找到相近的在办工单" in page
    answer = browser.post(
        f"/tickets/{number_of(city, ticket_id)}/merge", master_number=number_of(city, master_id)
    )
    assert (answer.status_code, "那件要求保密，不能作主工单" in answer.text) == (409, True)
