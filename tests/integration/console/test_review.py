"""The review of replies on the pages: marked words, judgements, grounds, the department, the word lists."""

import pytest

from hotline.people.actors import Actor
from hotline.replies.models import ContactWay
from hotline.replies.service import record_contact, submit_reply, write_reply
from hotline.review.rules import Signal
from hotline.review.service import reject_reply
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import City
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound, number_of

EMPTY = "我局高度重视，将出方案，在研究中<b>"
HOLDS = {"signal_R1": "yes", "signal_R8": "yes"}
WORDS = "/review/words"


def drafted(city: City, text: str = EMPTY) -> tuple[int, str]:
    ticket_id = city.signed()
    handling = city.context.acting_as(city.handler)
    record_contact(handling, ticket_id, ContactWay.PHONE, reached=True)
    city.visited(ticket_id)
    write_reply(handling, ticket_id, city.reply_form(ticket_id, text))
    return ticket_id, number_of(city, ticket_id)


def replied(city: City, text: str = EMPTY) -> tuple[int, str]:
    ticket_id, number = drafted(city, text)
    submit_reply(city.context.acting_as(city.leader), ticket_id)
    return ticket_id, number


def state(city: City, ticket_id: int) -> State:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).state


def test_the_reviewer_sees_each_signal_and_its_words_marked(browser: Browser, city: City) -> None:
    _, number = replied(city)
    page = browser.sign_in(city.reviewer).get(f"/review?open={number}")
    assert '<mark>将出方案<span class="visually-hidden">（空头承诺、只表态，没有行动）</span></mark>' in page
    assert '<mark>高度重视<span class="visually-hidden">（只表态，没有行动）</span></mark>' in page
    assert "在研究中<b>" not in page
    assert "&lt;b&gt;" in page
    for words in (
        "空头承诺",
        "R1 · ",
        "只表态，没有行动",
        "R8 · ",
        "没有同时写明时间、责任人和措施。",
        "共 2 分",
    ):
        assert words in page
    assert "R5 · " not in page


def test_a_reply_with_nothing_noticed_asks_for_no_judgement(browser: Browser, city: City) -> None:
    _, number = replied(city, "5月2日城南供水所更换了加压泵的损坏阀门，当晚水压恢复到0.3兆帕。")
    page = browser.sign_in(city.reviewer).get(f"/tickets/{number}")
    assert "<mark>" not in page
    assert "signal_R" not in page


def test_undecided_signals_are_pointed_at_and_what_was_given_stays(browser: Browser, city: City) -> None:
    ticket_id, number = replied(city)
    browser.sign_in(city.reviewer)
    given = {"verdict": "accept", "signal_R1": "no", "reason": "方案另附", "grounds": "incomplete"}
    answer = browser.post(f"/tickets/{number}/review", **given)
    assert answer.status_code == 409
    assert "请先逐项判断下面的敷衍信号是否属实。" in answer.text
    assert answer.text.count("请判断") == 1
    assert 'data-signal="R8"' in answer.text.split("请判断")[0].rsplit("<fieldset", 1)[1]
    assert 'value="方案另附"' in answer.text
    assert 'value="incomplete" checked' in answer.text
    confirmed = browser.post(f"/tickets/{number}/review", verdict="accept", **HOLDS)
    assert (confirmed.status_code, "不能通过，请退回" in confirmed.text) == (409, True)
    assert state(city, ticket_id) is State.REPLIED
    done = {"verdict": "accept", "signal_R1": "no", "signal_R8": "no", "back": "review.queue"}
    assert browser.post(f"/tickets/{number}/review", **done).location == "/review"
    assert state(city, ticket_id) is State.CALLBACK


@pytest.mark.parametrize("wrong", [{"grounds": "ugly"}, {"verdict": ""}, {"reason": "x" * 501}])
def test_a_verdict_that_cannot_be_is_refused(browser: Browser, city: City, wrong: dict[str, str]) -> None:
    ticket_id, number = replied(city)
    browser.sign_in(city.reviewer)
    given = {"verdict": "reject", "reason": "空话", **HOLDS, **wrong}
    assert browser.post(f"/tickets/{number}/review", **given).status_code == 422
    assert state(city, ticket_id) is State.REPLIED


def test_the_department_reads_why_and_which_words(browser: Browser, city: City) -> None:
    ticket_id, number = replied(city)
    browser.sign_in(city.reviewer)
    given = {"verdict": "reject", "reason": "请写明何时恢复", "grounds": ["incomplete"], **HOLDS}
    browser.post(f"/tickets/{number}/review", **given)
    assert state(city, ticket_id) is State.HANDLING
    browser.post("/sign-out")
    page = browser.sign_in(city.handler).get(f"/unit?open={number}")
    for words in ("热线退回了上次的回复", "答复不完整、敷衍答复", "请写明何时恢复", "<mark>将出方案</mark>"):
        assert words in page
    assert "本工单被认定敷衍的次数" in browser.get(f"/tickets/{number}")


def test_the_second_time_is_told_to_reviewers_and_in_the_history(browser: Browser, city: City) -> None:
    ticket_id, number = replied(city)
    reviewing = city.context.acting_as(city.reviewer)
    reject_reply(reviewing, ticket_id, "空话", {Signal.PROMISE: True, Signal.ATTITUDE: True})
    write_reply(city.context.acting_as(city.handler), ticket_id, city.reply_form(ticket_id, EMPTY))
    submit_reply(city.context.acting_as(city.leader), ticket_id)
    browser.sign_in(city.reviewer)
    assert "本工单 1 次，该单位 90 天内 1 次" in browser.get(f"/tickets/{number}")
    browser.post(f"/tickets/{number}/review", verdict="reject", reason="还是空话", **HOLDS)
    assert "再次被认定敷衍答复，建议发督办通知单" in browser.get(f"/tickets/{number}")


def test_the_department_checks_its_own_draft_and_may_send_it(browser: Browser, city: City) -> None:
    ticket_id, number = drafted(city)
    for actor in (city.handler, city.leader):
        page = browser.sign_in(actor).get(f"/tickets/{number}")
        assert "自查" in page
        assert "<mark>将出方案" in page
        if actor is city.leader:
            assert browser.post(f"/tickets/{number}/approve").status_code == 302
        browser.post("/sign-out")
    assert state(city, ticket_id) is State.REPLIED


@pytest.mark.parametrize("who", ["handler", "leader", "agent", "screener", "dispatcher", "supervisor"])
def test_others_do_not_review(browser: Browser, city: City, who: str) -> None:
    ticket_id, number = replied(city)
    browser.sign_in(getattr(city, who))
    assert browser.client.get("/review").status_code == 403
    assert browser.post(f"/tickets/{number}/review", verdict="reject", reason="x").status_code == 403
    assert "signal_R1" not in browser.get(f"/tickets/{number}")
    assert state(city, ticket_id) is State.REPLIED


def test_supervisors_edit_the_words(browser: Browser, city: City) -> None:
    _, number = replied(city, "5月2日城南供水所更换了加压泵的损坏阀门，当晚水压恢复到0.3兆帕。")
    browser.sign_in(city.supervisor)
    assert "在研究中" in browser.get(WORDS)
    assert browser.post(f"{WORDS}/promise", phrases="当晚\r\n\r\n在研究中").location == WORDS
    assert "当晚；在研究中" in browser.get(WORDS)
    browser.post("/sign-out")
    assert "<mark>当晚<" not in browser.sign_in(city.reviewer).get(
        f"/tickets/{number}"
    )  # date, somebody, measure
    browser.post("/sign-out")
    browser.sign_in(city.supervisor).post(f"{WORDS}/measure", phrases="绝无此事")
    browser.post("/sign-out")
    assert "<mark>当晚<" in browser.sign_in(city.reviewer).get(f"/tickets/{number}")


@pytest.mark.parametrize("phrases", ["", "好", "长" * 31, "x" * 7000])
def test_a_wrong_list_is_refused_and_stays_typed(browser: Browser, city: City, phrases: str) -> None:
    browser.sign_in(city.supervisor)
    answer = browser.post(f"{WORDS}/promise", phrases=phrases)
    assert answer.status_code == 422
    assert f">{phrases}</textarea>" in answer.text
    assert "在研究中" in browser.get(WORDS)
    assert browser.post(f"{WORDS}/nothing", phrases="在研究中").status_code == 404


@pytest.mark.parametrize("who", ["reviewer", "handler", "leader", "agent"])
def test_others_do_not_edit_the_words(browser: Browser, city: City, who: str) -> None:
    browser.sign_in(getattr(city, who))
    assert browser.client.get(WORDS).status_code == 403
    assert browser.post(f"{WORDS}/promise", phrases="在研究中").status_code == 403


def test_the_pages_render_in_both_languages(
    browser: Browser, city: City, all_rounder: Actor, language: str
) -> None:
    _, number = replied(city)
    browser.sign_in(all_rounder)
    for path in (f"/review?open={number}", f"/tickets/{number}", WORDS):
        _is_sound(browser.get(path), language)
