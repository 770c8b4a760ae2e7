"""Reviewers see what does not fit, hear it, and say whether it is right; nobody sees what is not for them."""

import re

import pytest
from sqlalchemy import select

from hotline.consistency import checking
from hotline.consistency.checking import Checker
from hotline.consistency.models import Answer, ConsistencyCheck, ReviewFinding
from hotline.consistency.queries import MOST_COUNTED
from hotline.consistency.rules import Kind
from hotline.gazetteer.models import PlaceKind
from hotline.gazetteer.service import Named, add_missing
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.service import register
from hotline.tickets.states import Confidentiality
from hotline.transcripts.models import Recording, Speaker
from tests.factories import City, FixedClock, user
from tests.integration.checked_calls import BARE, COMPLAINT, GREETING, PLACE, Said
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import CHINESE, NOT_OURS, _is_sound, number_of
from tests.spoken import talked

LIST = "/findings/"


@pytest.fixture
def city(city: City) -> City:
    add_missing(city.context, [Named(PlaceKind.ROAD, "同安路", "市北区")])
    return city


def checked(city: City, said: Said = COMPLAINT) -> str:
    """A call that was looked at; returns its ticket's number."""
    ticket_id = city.drafted()
    talked(city.context, ticket_id, said, city.agent)
    register(city.context.acting_as(city.agent), ticket_id, BARE)
    assert Checker(city.context).check_due() == 1
    return number_of(city, ticket_id)


def finding(city: City, kind: Kind) -> ReviewFinding:
    with city.context.reading() as session:
        return session.scalars(select(ReviewFinding).where(ReviewFinding.kind == kind)).one()


def recording_id(city: City) -> int:
    with city.context.reading() as session:
        return session.scalars(select(Recording.id)).one()


def rows(page: str) -> list[str]:
    """The findings of a page, each as its HTML."""
    return re.findall(r'<li class="finding.*?</li>', page, re.DOTALL)


def test_the_list_says_what_does_not_fit_and_leads_to_its_second(browser: Browser, city: City) -> None:
    number = checked(city)
    page = browser.sign_in(city.reviewer).get(LIST)
    assert len(rows(page)) == 3
    at = 20.0 + 0.2 * PLACE.index("同安路")
    (place,) = [row for row in rows(page) if "地点漏填" in row]
    assert "说了地点“同安路68号”，工单里没有填" in place
    assert "同安路六十八号" in place
    assert f'href="/tickets/{number}#recording-{recording_id(city)}@{at:.2f}"' in place
    assert "04-29 20:00" in page  # 昨天晚上
    assert "没有播放录音告知的记录，坐席也没有说" in page


def test_many_of_a_kind_are_not_counted_to_the_end(browser: Browser, city: City) -> None:
    checked(city)
    page = browser.sign_in(city.reviewer).get(LIST)
    assert "地点漏填 (1)" in page
    one = finding(city, Kind.PLACE_MISSING)
    with city.context.writing() as session:
        session.add_all(
            ReviewFinding(call_id=one.call_id, kind=one.kind, found_at=one.found_at)
            for _ in range(MOST_COUNTED - 1)
        )
    assert "地点漏填 (99)" in browser.get(LIST)
    with city.context.writing() as session:
        session.add_all(
            ReviewFinding(call_id=one.call_id, kind=one.kind, found_at=one.found_at) for _ in range(30)
        )
    assert "地点漏填 (99+)" in browser.get(LIST)


def test_the_list_is_filtered_and_may_be_empty(browser: Browser, city: City) -> None:
    browser.sign_in(city.reviewer)
    assert "没有要看的" in browser.get(LIST)
    checked(city)
    assert len(rows(browser.get(f"{LIST}?kind=place_missing"))) == 1
    assert "没有要看的" in browser.get(f"{LIST}?kind=both_talk")
    assert "没有要看的" in browser.get(f"{LIST}?answer=right")
    assert len(rows(browser.get(f"{LIST}?kind=nonsense&answer=nonsense&page=0"))) == 3
    assert "没有要看的" in browser.get(f"{LIST}?page=2")


@pytest.mark.parametrize(("said", "words"), [("right", "属实"), ("not_right", "不属实"), ("seen", "已看过")])
def test_an_answer_comes_back_in_its_row_and_takes_it_from_the_list(
    browser: Browser, city: City, clock: FixedClock, said: str, words: str
) -> None:
    checked(city)
    one = finding(city, Kind.PLACE_MISSING)
    browser.sign_in(city.reviewer)
    answer = browser.post(f"{LIST}{one.id}/answer", answer=said, on_ticket="no")
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<li")
    assert f'id="finding-{one.id}"' in answer.text
    assert f">{words}</span>" in answer.text
    assert city.reviewer.name in answer.text
    assert finding(city, Kind.PLACE_MISSING).answer is Answer(said)
    assert len(rows(browser.get(LIST))) == 3, "at hand for a while, to be corrected"
    clock.advance(minutes=6)
    assert len(rows(browser.get(LIST))) == 2
    (row,) = rows(browser.get(f"{LIST}?answer={said}"))
    assert re.search(rf'id="finding-{one.id}-{said}"[^>]* aria-pressed="true"', row)


def test_the_ticket_shows_its_findings_to_reviewers_alone(browser: Browser, city: City) -> None:
    number = checked(city)
    page = browser.sign_in(city.reviewer).get(f"/tickets/{number}")
    assert len(rows(page)) == 3
    assert f'href="#recording-{recording_id(city)}@' in page
    assert 'hx-trigger="live:findings-of-call-' in page
    for other in (city.agent, city.dispatcher, city.callback_agent):
        browser.post("/sign-out")
        page = browser.sign_in(other).get(f"/tickets/{number}")
        assert "录音核对" not in page.replace("录音核对：属实", "")
        assert rows(page) == []


def test_an_answer_on_the_tickets_page_stays_there(browser: Browser, city: City) -> None:
    number = checked(city)
    one = finding(city, Kind.PLACE_MISSING)
    browser.sign_in(city.reviewer)
    answer = browser.post(f"{LIST}{one.id}/answer", answer="right", on_ticket="yes")
    assert f'href="#recording-{recording_id(city)}@' in answer.text
    assert len(rows(browser.get(f"/tickets/{number}"))) == 3


def test_the_supervisor_reads_masked_words(browser: Browser, city: City) -> None:
    number = checked(city)
    browser.sign_in(city.supervisor)
    for page in (browser.get(LIST), browser.get(f"/tickets/{number}")):
        shown = "".join(rows(page))
        assert "同安路〔门牌〕" in shown
        assert "六十八号" not in shown
        assert "68号" not in shown
    one = finding(city, Kind.PLACE_MISSING)
    assert "68号" not in browser.post(f"{LIST}{one.id}/answer", answer="right").text


def test_others_neither_see_nor_answer(browser: Browser, city: City) -> None:
    checked(city)
    one = finding(city, Kind.PLACE_MISSING)
    for other in (city.agent, city.dispatcher, city.callback_agent, city.handler):
        browser.sign_in(other)
        assert browser.client.get(LIST).status_code == 403
        assert browser.post(f"{LIST}{one.id}/answer", answer="right").status_code == 403
        assert browser.post(f"{LIST}checks/1/again").status_code == 403
        browser.post("/sign-out")
    assert finding(city, Kind.PLACE_MISSING).answer is None


def test_whoever_took_the_call_is_told_to_leave_it_to_others(browser: Browser, city: City) -> None:
    both = user(city.context, city.hotline_id, Role.AGENT, Role.REVIEWER, username="both")
    ticket_id = city.drafted()
    talked(city.context, ticket_id, COMPLAINT, both)
    register(city.context.acting_as(both), ticket_id, BARE)
    Checker(city.context).check_due()
    one = finding(city, Kind.PLACE_MISSING)
    answer = browser.sign_in(both).post(f"{LIST}{one.id}/answer", answer="not_right")
    assert answer.status_code == 409
    assert "请由别人来判断" in answer.text
    assert finding(city, Kind.PLACE_MISSING).answer is None


def test_nothing_of_a_sealed_matter_is_shown(browser: Browser, city: City) -> None:
    number = checked(city)
    one = finding(city, Kind.PLACE_MISSING)
    with city.context.writing() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        ticket.confidentiality = Confidentiality.SEALED
    browser.sign_in(city.reviewer)
    assert rows(browser.get(LIST)) == []
    assert browser.client.get(f"/tickets/{number}").status_code == 403
    assert browser.post(f"{LIST}{one.id}/answer", answer="right").status_code == 404


def test_odd_answers_are_refused(browser: Browser, city: City) -> None:
    checked(city)
    one = finding(city, Kind.PLACE_MISSING)
    browser.sign_in(city.reviewer)
    assert browser.post(f"{LIST}{one.id}/answer", answer="perhaps").status_code == 400
    assert browser.post(f"{LIST}{one.id}/answer").status_code == 400
    assert browser.post(f"{LIST}{one.id + 99}/answer", answer="right").status_code == 404
    assert browser.post(f"{LIST}checks/999/again").status_code == 404


def test_a_call_that_could_not_be_looked_at_is_shown_and_tried_again(browser: Browser, city: City) -> None:
    number = checked(city)
    with city.context.writing() as session:
        check = session.scalars(select(ConsistencyCheck)).one()
        check.set_aside_at, check.failure, check.basis = city.context.now(), "ValueError", "x"
        session.execute(ReviewFinding.__table__.delete())
    page = browser.sign_in(city.supervisor).get(LIST)
    assert "没有核对成功" in page
    assert "ValueError" in page
    assert number in page
    assert browser.post(f"{LIST}checks/{check.id}/again").status_code == 302
    page = browser.get(LIST)
    assert "会再核对一次。" in page
    assert "没有核对成功" not in page
    assert checking.Checker(city.context).check_due() == 1
    assert len(rows(browser.get(LIST))) == 3


@pytest.mark.parametrize("path", [LIST, f"{LIST}sentences", "ticket"])
def test_pages_render_in_both_languages(
    path: str, browser: Browser, city: City, all_rounder: object, language: str
) -> None:
    said: Said = [GREETING, (Speaker.CALLER, 12.0, "no water"), (Speaker.AGENT, 15.0, "goodbye")]
    number = checked(city, said)
    person = user(city.context, city.hotline_id, Role.REVIEWER, Role.SUPERVISOR)
    browser.sign_in(person)
    if language == "en":
        browser.post("/language", language="en", next="/")
    page = browser.get(f"/tickets/{number}" if path == "ticket" else path)
    _is_sound(page, language)
    if language == "en" and path == LIST:
        ours = NOT_OURS.sub("", page).replace("热线中心", "").replace("结束语", "")
        assert not CHINESE.search(ours), CHINESE.findall(ours)


SENTENCE = {"name": "请评价", "phrases": "请您评价\n欢迎评价", "place": "closing", "language": "zh"}


def test_required_sentences_are_added_changed_and_retired(browser: Browser, city: City) -> None:
    browser.sign_in(city.supervisor)
    page = browser.get(f"{LIST}sentences")
    assert "报出热线名称" in page
    assert browser.post(f"{LIST}sentences", **SENTENCE).status_code == 302
    page = browser.get(f"{LIST}sentences")
    assert "请您评价；欢迎评价" in page
    sentence = re.findall(r'data-sentence="(\d+)"', page)[-1]
    changed = SENTENCE | {"name": "满意度", "with_number": "y"}
    assert browser.post(f"{LIST}sentences/{sentence}", **changed).status_code == 302
    page = browser.get(f"{LIST}sentences")
    assert "满意度" in page
    assert "请评价" not in page
    browser.post(f"{LIST}sentences/{sentence}/retire")
    assert "已停用" in browser.get(f"{LIST}sentences")
    browser.post(f"{LIST}sentences/{sentence}/restore")
    assert "已停用" not in browser.get(f"{LIST}sentences")


def test_what_is_wrong_with_a_sentence_is_said_and_what_was_typed_stays(browser: Browser, city: City) -> None:
    browser.sign_in(city.supervisor)
    twice = browser.post(f"{LIST}sentences", **(SENTENCE | {"name": "结束语"}))
    assert twice.status_code == 422
    assert "已经有同名的规定用语" in twice.text
    assert "欢迎评价" in twice.text
    assert browser.post(f"{LIST}sentences", **(SENTENCE | {"phrases": "好"})).status_code == 422
    assert browser.post(f"{LIST}sentences", **(SENTENCE | {"place": "nowhere"})).status_code == 422
    assert browser.post(f"{LIST}sentences/999", **SENTENCE).status_code == 422
    assert browser.post(f"{LIST}sentences/999/retire").status_code == 404


def test_reviewers_do_not_edit_sentences(browser: Browser, city: City) -> None:
    browser.sign_in(city.reviewer)
    assert browser.client.get(f"{LIST}sentences").status_code == 403
    assert browser.post(f"{LIST}sentences", **SENTENCE).status_code == 403
    assert "/findings/sentences" not in browser.get(LIST)
