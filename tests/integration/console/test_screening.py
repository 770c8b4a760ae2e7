"""Screening in the console: asking, refusing, answering at once, and what is refused in words."""

from dataclasses import replace

from hotline.people.actors import Actor, Role
from hotline.screening import answering, asking, refusing
from hotline.screening.rules import RefusalCode
from hotline.tickets.models import Ticket
from hotline.tickets.queries import by_number
from hotline.tickets.service import save_draft
from hotline.tickets.states import State, TicketType
from tests.factories import City, FixedClock, complete_draft, local, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import number_of

QUESTION = "请问是几号楼几单元？"


def state_of(city: City, ticket_id: int) -> State:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).state


def test_a_citizen_is_asked_and_their_answer_written_down(browser: Browser, city: City) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    browser.sign_in(city.screener)
    answer = browser.post(f"/tickets/{number}/ask", question=QUESTION, back="screening.queue")
    assert (answer.status_code, answer.location) == (302, "/screening")
    assert number not in browser.get("/screening")
    page = browser.get(f"/screening/waiting?open={number}")
    assert (page.count(QUESTION) > 0, "记录并转回初筛" in page, "再问一次" in page) == (True, False, True)
    browser.post("/sign-out")
    browser.sign_in(city.callback_agent)
    assert "记录并转回初筛" in browser.get(f"/screening/waiting?open={number}")
    browser.post(f"/tickets/{number}/supplement", answer="3 号楼 2 单元")
    assert state_of(city, ticket_id) is State.REGISTERED
    page = browser.get(f"/tickets/{number}")
    assert (QUESTION in page, page.count("3 号楼 2 单元")) == (True, 1)


def test_what_was_typed_stays_where_it_is_refused(browser: Browser, city: City) -> None:
    number = number_of(city, city.registered())
    browser.sign_in(city.screener)
    answer = browser.post(f"/tickets/{number}/ask", question="")
    assert (answer.status_code, "请写明问题" in answer.text) == (422, True)
    answer = browser.post(f"/tickets/{number}/ask", question="长" * 2001)
    assert (answer.status_code, "长" * 2001 in answer.text) == (422, True)
    assert browser.post(f"/tickets/{number}/ask", question=QUESTION).status_code == 302
    answer = browser.post(f"/tickets/{number}/ask", question=QUESTION)
    assert (answer.status_code, "现在是“待补充”" in answer.text) == (409, True)


def test_the_second_request_is_recorded_and_the_closing_explained(
    browser: Browser, city: City, clock: FixedClock
) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    asking.ask(city.context.acting_as(city.screener), ticket_id, QUESTION)
    browser.sign_in(city.agent)
    assert browser.post(f"/tickets/{number}/ask-again", again="").status_code == 302
    assert browser.get(f"/tickets/{number}").count(QUESTION) >= 4
    clock.set(local("2020-05-20 09:00"))
    assert asking.close_unanswered(city.context) == 1
    assert "以信息不足办结" in browser.get(f"/tickets/{number}")


def test_others_have_no_way_in(browser: Browser, city: City) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    asking.ask(city.context.acting_as(city.screener), ticket_id, QUESTION)
    for actor in (city.handler, city.dispatcher, city.reviewer):
        browser.sign_in(actor)
        assert browser.client.get("/screening/waiting").status_code == 403
        for path in ("ask", "ask-again", "supplement"):
            assert browser.post(f"/tickets/{number}/{path}", answer="x").status_code == 403
        browser.post("/sign-out")
    browser.sign_in(city.screener)
    assert browser.post(f"/tickets/{number}/supplement", answer="x").status_code == 403
    assert state_of(city, ticket_id) is State.NEED_INFO


REFUSAL = {"code": "E2", "basis": "《民事诉讼法》第一百二十二条", "right_channel": "区人民法院诉讼服务中心"}


def test_a_refusal_goes_through_two_hands_and_is_told(browser: Browser, city: City) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    browser.sign_in(city.screener)
    answer = browser.post(f"/tickets/{number}/refuse", **REFUSAL, back="screening.queue")
    assert (answer.status_code, answer.location) == (302, "/screening")
    assert number not in browser.get("/screening")
    page = browser.get(f"/screening/refusals?open={number}")
    assert ("提出人不能自己复核" in page, "您的决定" in page) == (True, False)
    assert browser.post(f"/tickets/{number}/refusal", decision="yes").status_code == 409
    browser.post("/sign-out")

    browser.sign_in(user(city.context, city.hotline_id, Role.SCREENER))
    page = browser.get(f"/screening/refusals?open={number}")
    assert ("您的决定" in page, "请向下列渠道反映：区人民法院诉讼服务中心" in page) == (True, True)
    browser.post(f"/tickets/{number}/refusal", decision="yes")
    assert state_of(city, ticket_id) is State.NOT_ACCEPTED
    browser.post("/sign-out")

    browser.sign_in(city.agent)
    page = browser.get(f"/screening/refusals?open={number}")
    assert "请告知市民" in page
    assert browser.post(f"/tickets/{number}/refusal-told", back="refusing.queue").status_code == 302
    assert number not in browser.get("/screening/refusals")
    answer = browser.post(f"/tickets/{number}/refusal-told")
    assert (answer.status_code, "已有人处理" in answer.text) == (409, True)
    browser.post("/sign-out")

    browser.sign_in(city.supervisor)
    assert "市民提出异议" in browser.get(f"/tickets/{number}")
    answer = browser.post(f"/tickets/{number}/objection", verdict="yes", grounds="")
    assert (answer.status_code, "请写明理由" in answer.text) == (422, True)
    browser.post(f"/tickets/{number}/objection", verdict="yes", grounds="法院没有立案")
    assert state_of(city, ticket_id) is State.REGISTERED


def test_a_dispute_is_decided_by_the_supervisor(browser: Browser, city: City) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    browser.sign_in(city.screener)
    browser.post(f"/tickets/{number}/refuse", **REFUSAL)
    browser.post("/sign-out")
    browser.sign_in(user(city.context, city.hotline_id, Role.SCREENER))
    answer = browser.post(f"/tickets/{number}/refusal", decision="no", why="")
    assert (answer.status_code, "请写明理由" in answer.text) == (409, True)
    browser.post(f"/tickets/{number}/refusal", decision="no", why="属于物业管理")
    browser.post("/sign-out")
    browser.sign_in(city.supervisor)
    assert "不予受理：裁定" in browser.get(f"/screening/refusals?open={number}")
    browser.post(f"/tickets/{number}/refusal", decision="no", why="应当受理")
    browser.post("/sign-out")
    browser.sign_in(city.screener)
    assert number in browser.get("/screening")


def test_what_a_refusal_lacks_is_said_beside_the_field(browser: Browser, city: City) -> None:
    number = number_of(city, city.registered())
    browser.sign_in(city.screener)
    answer = browser.post(f"/tickets/{number}/refuse", code="E2", basis="民事诉讼法", right_channel="")
    assert answer.status_code == 422
    assert "请写明告知市民的正确渠道" in answer.text
    assert 'value="民事诉讼法"' in answer.text
    assert browser.post(f"/tickets/{number}/refuse", **{**REFUSAL, "code": "E9"}).status_code == 422


def test_refusals_are_closed_to_others(browser: Browser, city: City) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    for actor in (city.handler, city.dispatcher, city.reviewer):
        browser.sign_in(actor)
        assert browser.client.get("/screening/refusals").status_code == 403
        for path in ("refuse", "refusal", "refusal-told", "objection"):
            assert browser.post(f"/tickets/{number}/{path}", **REFUSAL).status_code == 403
        browser.post("/sign-out")
    browser.sign_in(city.agent)
    assert browser.post(f"/tickets/{number}/refuse", **REFUSAL).status_code == 403
    assert state_of(city, ticket_id) is State.REGISTERED


def test_screening_speaks_english(browser: Browser, city: City, all_rounder: Actor, language: str) -> None:
    number = number_of(city, city.registered())
    refusing.propose(
        city.context.acting_as(city.screener),
        ticket_id_of(city, number),
        refusing.Proposal(RefusalCode.EMERGENCY, "x", "110"),
    )
    page = browser.sign_in(all_rounder).get(f"/tickets/{number}")
    assert ("Agree to refuse" in page) == (language == "en")


def ticket_id_of(city: City, number: str) -> int:
    with city.context.reading() as session:
        found = by_number(session, number)
        assert found is not None
        return found.id


ANSWER = {"answer": "带身份证到区政务大厅 3 号窗口办理。", "answer_basis": "《居住证暂行条例》第九条"}
CONSULTATION = {"type": "consultation", "category_code": "water.pressure", "urgency": "normal"}


def test_a_consultation_is_answered_at_the_desk(browser: Browser, city: City) -> None:
    ticket_id = city.drafted()
    browser.sign_in(city.agent)
    fields = {**CONSULTATION, "complainant_kind": "person", "confidentiality": "normal"}
    refused = browser.post(f"/desk/draft/{ticket_id}/answer", **fields, answer="", answer_basis="某条例")
    assert (refused.status_code, "请写明答复内容" in refused.text) == (409, True)
    assert 'value="某条例"' in refused.text
    complaint = browser.post(f"/desk/draft/{ticket_id}/answer", **{**fields, "type": "complaint"}, **ANSWER)
    assert (complaint.status_code, "只有咨询件可以直接答复" in complaint.text) == (409, True)
    assert ANSWER["answer"] in complaint.text
    done = browser.post(f"/desk/draft/{ticket_id}/answer", **fields, **ANSWER)
    assert (done.status_code, "已直接答复，办结" in done.text) == (200, True)
    assert state_of(city, ticket_id) is State.CLOSED
    page = browser.get(f"/tickets/{number_of(city, ticket_id)}")
    for words in (*ANSWER.values(), "热线已直接答复，办结。"):
        assert words in page


def test_an_answer_without_basis_is_reviewed_and_a_wrong_one_reopened(browser: Browser, city: City) -> None:
    ticket_id = city.drafted()
    agent = city.context.acting_as(city.agent)
    save_draft(agent, ticket_id, replace(complete_draft(), type=TicketType.CONSULTATION))
    number = answering.answer_directly(agent, ticket_id, "不需要办证。")
    browser.sign_in(city.reviewer)
    assert "有误时必填" in browser.get(f"/screening/answers?open={number}")
    refused = browser.post(f"/tickets/{number}/review-answer", sound="no", why="")
    assert (refused.status_code, "请写明理由" in refused.text) == (409, True)
    browser.post(f"/tickets/{number}/review-answer", sound="no", why="需要居住证", back="answering.queue")
    assert number not in browser.get("/screening/answers")
    browser.post("/sign-out")
    browser.sign_in(city.supervisor)
    assert "答复有误：重新办理" in browser.get(f"/screening/answers?open={number}")
    browser.post(f"/tickets/{number}/reopen-answer", why="答复有误")
    assert state_of(city, ticket_id) is State.TO_DISPATCH


def test_the_back_office_answers_instead_of_dispatching(browser: Browser, city: City) -> None:
    ticket_id = city.accepted()
    number = number_of(city, ticket_id)
    browser.sign_in(city.dispatcher)
    assert f"/tickets/{number}/answer" in browser.get(f"/dispatch?open={number}")
    assert "答复并办结" in browser.get(f"/tickets/{number}/answer")
    refused = browser.post(f"/tickets/{number}/answer", answer="已恢复供水。", answer_basis="")
    assert (refused.status_code, "请写明依据" in refused.text) == (422, True)
    assert "已恢复供水。" in refused.text
    browser.post(f"/tickets/{number}/answer", **ANSWER)
    assert state_of(city, ticket_id) is State.CLOSED
    browser.post("/sign-out")
    for actor in (city.agent, city.handler, city.screener):
        browser.sign_in(actor)
        assert browser.client.get(f"/tickets/{number}/answer").status_code == 403
        assert browser.client.get("/screening/answers").status_code == 403
        browser.post("/sign-out")
