"""Joint supervision with media and inspection office, and the media's own channel: who sees and does what."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.intake.service import Came, take_in
from hotline.joint import service
from hotline.joint.models import JointSupervision, NoteKind
from hotline.joint.rules import JointRefused, Obstacle
from hotline.people.actors import Actor, NotPermitted, Role
from hotline.screening import refusing
from hotline.screening.rules import RefusalCode
from hotline.screening.service import Screened, accept
from hotline.supervision import service as supervision
from hotline.supervision.rules import CaseState, Level
from hotline.tickets.lifecycle import GuardFailed
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State
from hotline.viewing.models import TicketView, What
from tests.factories import CITIZEN, City, complete_draft, department, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound, number_of

WHY = "三次反映未解决，请媒体到场跟进。"


@dataclass(frozen=True)
class Press:
    """A newspaper, a broadcaster, and the inspection office."""

    daily_id: int
    office_id: int
    paper: Actor
    radio: Actor
    inspector: Actor


@pytest.fixture
def press(city: City) -> Press:
    daily, broadcast, office = (
        department(city.context, code, name)
        for code, name in (("daily", "日报社"), ("broadcast", "广播电视台"), ("government", "督查室"))
    )
    return Press(
        daily,
        office,
        paper=user(city.context, daily, Role.MEDIA_SCREENER),
        radio=user(city.context, broadcast, Role.MEDIA_SCREENER),
        inspector=user(city.context, office, Role.INSPECTION_OFFICE),
    )


def refusal(deed: object, *arguments: object) -> Obstacle:
    with pytest.raises(JointRefused) as refused:
        deed(*arguments)  # type: ignore[operator]
    return refused.value.obstacle


def opened(city: City, press: Press, ticket_id: int) -> int:
    hotline = city.context.acting_as(city.supervisor)
    return service.open_joint(hotline, ticket_id, WHY, [press.daily_id, press.office_id])


def joint(city: City, joint_id: int) -> JointSupervision:
    with city.context.reading() as session:
        found = session.get_one(JointSupervision, joint_id)
        _ = found.case, found.notes, found.drafts, found.ticket.history
        return found


def test_from_its_opening_to_its_result(browser: Browser, city: City, press: Press) -> None:
    ticket_id = city.signed()
    number = number_of(city, ticket_id)
    browser.sign_in(city.supervisor)
    page = browser.get(f"/tickets/{number}/joint")
    assert "日报社" in page
    assert "水务局" not in page, "only media and the inspection office take part"
    refused = browser.post(f"/tickets/{number}/joint", reason=WHY, partners=press.office_id)
    assert (refused.status_code, WHY in refused.text) == (409, True)
    assert "请至少选择一家媒体" in refused.text
    sent = {"reason": WHY, "partners": [press.daily_id, press.office_id]}
    path = browser.post(f"/tickets/{number}/joint", **sent).location
    assert "督〔2020〕0001号" in browser.get(f"/tickets/{number}")
    notice = browser.get(f"/tickets/{number}/supervision/1")
    assert "媒体联合督办通知单" in notice
    assert "日报社、督查室" in notice
    browser.post(f"{path}/notes", kind="question", text="记者何时可以到现场？")
    browser.post("/sign-out")

    browser.sign_in(press.paper)
    assert "督〔2020〕0001号" in browser.get("/joint/")
    page = browser.get(path)
    assert "三楼以上早晚没有水" in page
    assert not [word for word in (CITIZEN, "王小明", "幸福路 8 号") if word in page], "R m"
    with city.context.reading() as session:
        read = session.scalars(select(TicketView).where(TicketView.user_id == press.paper.user_id)).all()
    assert [(view.what, view.in_full) for view in read] == [(What.PAGE, False)]
    assert browser.client.get(f"/tickets/{number}").status_code == 403
    assert browser.post(f"{path}/notes/1", answer="后天上午到场").status_code == 302
    wrong = browser.post(f"{path}/draft", draft="王小明家 13812345678 停水多日")
    assert (wrong.status_code, "请删去后再提交" in wrong.text, "停水多日" in wrong.text) == (409, True, True)
    for text in ("小区停水多日，记者跟进。", "小区供水恢复，记者回访。"):
        assert browser.post(f"{path}/draft", draft=text).status_code == 302
    assert "以前的稿（1 份）" in browser.get(path)
    assert browser.post(f"{path}/end", result="x").status_code == 403
    browser.post("/sign-out")

    browser.sign_in(city.leader)
    assert browser.client.get(path).status_code == 403
    page = browser.get(f"/tickets/{number}")
    assert "开展媒体联合督办" in page
    assert "一方提问" not in page
    browser.post("/sign-out")

    browser.sign_in(city.supervisor)
    assert browser.post(f"{path}/end", result="已恢复供水").status_code == 409
    supervision.answer(city.context.acting_as(city.leader), ticket_id, "已更换水泵")
    supervision.conclude(city.context.acting_as(city.supervisor), ticket_id, True, "属实")
    assert browser.post(f"{path}/end", result="已恢复供水").status_code == 302
    assert "督〔2020〕0001号" not in browser.get("/joint/")
    assert "督〔2020〕0001号" in browser.get("/joint/?ended=1")
    found = joint(city, int(path.rsplit("/", 1)[1]))
    assert (found.case.level, found.case.state, found.result) == (Level.L3, CaseState.CLOSED, "已恢复供水")
    events = [line.event for line in found.ticket.history if line.event.startswith("joint_")]
    assert events == [
        "joint_opened",
        "joint_question",
        "joint_answered",
        *["joint_drafted"] * 2,
        "joint_ended",
    ]


def test_each_party_has_its_part_and_nobody_else(city: City, press: Press) -> None:
    hotline, ticket_id = city.context.acting_as(city.supervisor), city.signed()
    assert (
        refusal(service.open_joint, hotline, city.accepted(), WHY, [press.daily_id])
        is Obstacle.NOBODY_HANDLES
    )
    assert refusal(service.open_joint, hotline, ticket_id, WHY, [city.water_id]) is Obstacle.NOT_A_PARTNER
    joint_id = opened(city, press, ticket_id)
    assert refusal(service.open_joint, hotline, ticket_id, WHY, [press.daily_id]) is Obstacle.GOES_ON
    for outsider in (press.radio, city.leader, city.agent, city.reviewer):
        with pytest.raises(NotPermitted):
            service.say(city.context.acting_as(outsider), joint_id, NoteKind.NOTE, "旁观")
    with pytest.raises(NotPermitted):
        service.draft(city.context.acting_as(press.inspector), joint_id, "草稿")
    service.say(city.context.acting_as(press.inspector), joint_id, NoteKind.QUESTION, "为何拖延？")
    asking, paper = city.context.acting_as(press.inspector), city.context.acting_as(press.paper)
    assert refusal(service.answer, asking, joint_id, 1, "自答") is Obstacle.OWN_QUESTION
    service.answer(paper, joint_id, 1, "已采访居民")
    assert refusal(service.answer, hotline, joint_id, 1, "再答") is Obstacle.ANSWERED
    assert refusal(service.end, hotline, joint_id, "结束") is Obstacle.CASE_OPEN


def test_the_notice_that_is_open_already_is_the_joint_ones_too(city: City, press: Press) -> None:
    director = city.context.acting_as(user(city.context, city.hotline_id, Role.DIRECTOR))
    ticket_id = city.signed()
    number = supervision.order(director, ticket_id, Level.L3, supervision.Kind.INSPECTION, "限期解决")
    assert joint(city, opened(city, press, ticket_id)).case.number == number


def test_a_sealed_ticket_is_gone_for_every_party(browser: Browser, city: City, press: Press) -> None:
    ticket_id = city.signed()
    joint_id = opened(city, press, ticket_id)
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    for actor in (press.paper, city.supervisor):
        browser.sign_in(actor)
        assert browser.client.get(f"/joint/{joint_id}").status_code == 404
        assert "督〔2020〕0001号" not in browser.get("/joint/")
        browser.post("/sign-out")
    with pytest.raises(NotPermitted):
        service.say(city.context.acting_as(city.supervisor), joint_id, NoteKind.NOTE, "x")


def test_the_page_renders_in_both_languages(
    browser: Browser, city: City, press: Press, all_rounder: Actor, language: str
) -> None:
    joint_id = opened(city, press, city.signed())
    service.say(city.context.acting_as(press.paper), joint_id, NoteKind.QUESTION, "何时到场？")
    page = browser.sign_in(all_rounder).get(f"/joint/{joint_id}")
    _is_sound(page, language)
    assert ("各方说明和提问" in page) == (language == "zh")


def test_media_screen_what_their_own_channel_brings(browser: Browser, city: City, press: Press) -> None:
    paper = city.context.acting_as(press.paper)
    came = Came("RB", city.context.now() - timedelta(minutes=5), "", "")
    first, second = (take_in(paper, f"k{n}", came, complete_draft()) for n in range(2))
    others, number = city.registered(), first.number or ""
    browser.sign_in(press.paper)
    listed = browser.get("/screening")
    assert number in listed
    assert number_of(city, others) not in listed
    page = browser.get(f"/tickets/{number}")
    assert "/accept" in page
    assert "王小明" not in page, "masked (C14)"
    assert browser.client.get(f"/tickets/{number_of(city, others)}").status_code == 403
    with pytest.raises(GuardFailed, match="own channel"):
        accept(paper, others, Screened())
    with pytest.raises(GuardFailed, match="own channel"):
        refusing.propose(paper, others, refusing.Proposal(RefusalCode.NO_SUBSTANCE, "无", "无"))
    accept(paper, first.ticket_id, Screened())
    refusing.propose(paper, second.ticket_id, refusing.Proposal(RefusalCode.NO_SUBSTANCE, "无", "无"))
    refusing.agree(city.context.acting_as(city.screener), second.ticket_id)
    with city.context.reading() as session:
        states = [session.get_one(Ticket, one.ticket_id).state for one in (first, second)]
    assert states == [State.TO_DISPATCH, State.NOT_ACCEPTED]
    assert number in browser.get("/joint/"), "how far it is"
    browser.post("/sign-out")
    browser.sign_in(press.radio)
    assert number not in browser.get("/joint/")
    assert browser.client.get(f"/tickets/{number}").status_code == 403
