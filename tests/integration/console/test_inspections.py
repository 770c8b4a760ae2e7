"""Inspections in the console: recorded, told, corrected and closed; who knows of them when."""

from datetime import date

import pytest
from sqlalchemy import select

from hotline.events import since
from hotline.inspections.models import Inspection, InspectionFinding
from hotline.inspections.rules import InspectionRefused, Manner, Obstacle
from hotline.inspections.service import InspectionForm, conclude, correct, record, tell
from hotline.people.actors import Role
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.states import Confidentiality
from tests.factories import City, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound, number_of

TODAY = date(2020, 4, 30)


def written(city: City, **fields: object) -> InspectionForm:
    plain = {
        "manner": Manner.UNDERCOVER,
        "department_id": city.water_id,
        "inspected_on": TODAY,
        "place": "城南营业厅",
        "inspectors": "督查室 张三",
        "account": "以市民身份到现场",
        "findings": ("窗口无人", "电话无人接听"),
    }
    return InspectionForm(**{**plain, **fields})  # type: ignore[arg-type]


def fields(city: City, **changed: object) -> dict[str, object]:
    return {**vars(written(city)), "findings": "窗口无人\n\n电话无人接听\n", **changed}


def refusal(deed: object, *arguments: object) -> Obstacle:
    with pytest.raises(InspectionRefused) as refused:
        deed(*arguments)  # type: ignore[operator]
    return refused.value.obstacle


def test_from_the_visit_to_its_end(browser: Browser, city: City) -> None:
    number = number_of(city, city.signed())
    browser.sign_in(user(city.context, city.hotline_id, Role.INSPECTION_OFFICE))
    answer = browser.post("/inspections/new", **fields(city, ticket_number=number))
    assert answer.status_code == 302
    path = answer.location
    assert "城南营业厅" in browser.get("/inspections/")
    assert "检查经过" in browser.get(path)
    browser.post("/sign-out")

    browser.sign_in(city.leader)
    assert browser.client.get(path).status_code == 404
    assert "城南营业厅" not in browser.get("/inspections/unit")
    assert "明查暗访" not in browser.get(f"/tickets/{number}")
    browser.post("/sign-out")

    browser.sign_in(city.supervisor)
    answer = browser.post(f"{path}/tell", due_on="2020-04-29")
    assert (answer.status_code, "整改期限不能早于今天" in answer.text) == (409, True)
    assert browser.post(f"{path}/tell", due_on="2020-05-08").status_code == 302
    assert browser.post(f"{path}/conclusion", conclusion="已整改").status_code == 409
    browser.post("/sign-out")

    browser.sign_in(city.leader)
    page = browser.get(path)
    assert "窗口无人" in page
    assert "张三" not in page
    assert "以市民身份到现场" not in page
    assert "明查暗访情况通报单位" in browser.get(f"/tickets/{number}")
    for finding_id in (1, 2):
        assert browser.post(f"{path}/findings/{finding_id}", correction="已安排专人").status_code == 302
    browser.post("/sign-out")

    browser.sign_in(city.supervisor)
    assert "已安排专人" in browser.get(path)
    assert browser.post(f"{path}/conclusion", conclusion="复查属实").status_code == 302
    assert "城南营业厅" not in browser.get("/inspections/")
    assert "城南营业厅" in browser.get("/inspections/?closed=1")


def test_what_is_wrong_is_said_and_what_was_typed_stays(browser: Browser, city: City) -> None:
    browser.sign_in(city.supervisor)
    wrong = {
        "inspected_on": "2020-05-01",
        "ticket_number": "20200430DH0000999",
        "department_id": 0,
        "place": "",
    }
    for name, value in wrong.items():
        answer = browser.post("/inspections/new", **fields(city, **{name: value}))
        assert answer.status_code in (409, 422), name
        assert "以市民身份到现场" in answer.text


def test_a_sealed_ticket_is_as_good_as_none(browser: Browser, city: City) -> None:
    hotline, ticket_id = city.context.acting_as(city.supervisor), city.signed()
    number = number_of(city, ticket_id)
    inspection_id = record(hotline, written(city, ticket_number=number))
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    browser.sign_in(city.supervisor)
    assert number not in browser.get(f"/inspections/{inspection_id}")
    assert refusal(record, hotline, written(city, ticket_number=number)) is Obstacle.NO_TICKET


def test_without_findings_it_is_closed_at_once(city: City) -> None:
    hotline = city.context.acting_as(city.supervisor)
    inspection_id = record(hotline, written(city, findings=()))
    assert refusal(tell, hotline, inspection_id, TODAY) is Obstacle.NOTHING_FOUND
    conclude(hotline, inspection_id, "没有问题")
    assert refusal(conclude, hotline, inspection_id, "没有问题") is Obstacle.DONE


@pytest.mark.parametrize("who", ["agent", "handler", "reviewer", "dispatcher"])
def test_others_neither_read_nor_record(browser: Browser, city: City, who: str) -> None:
    inspection_id = record(city.context.acting_as(city.supervisor), written(city))
    browser.sign_in(getattr(city, who))
    assert browser.client.get("/inspections/").status_code == 403
    assert browser.client.get("/inspections/new").status_code == 403
    assert browser.client.get(f"/inspections/{inspection_id}").status_code in (403, 404)
    assert browser.post(f"/inspections/{inspection_id}/tell", due_on="2020-05-08").status_code == 403


def test_the_page_renders_in_both_languages(browser: Browser, city: City, all_rounder, language: str) -> None:  # type: ignore[no-untyped-def]
    inspection_id = record(city.context.acting_as(city.supervisor), written(city))
    page = browser.sign_in(all_rounder).get(f"/inspections/{inspection_id}")
    _is_sound(page, language)
    assert ("通报被查单位" in page) == (language == "zh")


def test_every_step_is_in_the_event_log_and_every_correction_is_kept(browser: Browser, city: City) -> None:
    context = city.context.acting_as(city.supervisor)
    form = written(city, findings=("窗口无人",), ticket_number=number_of(city, city.signed()))
    inspection_id = record(context, form)
    tell(context, inspection_id, TODAY)
    with context.reading() as session:
        finding_id = session.get_one(Inspection, inspection_id).findings[0].id
        told = session.scalars(select(HistoryLine).where(HistoryLine.event == "inspection_told")).one()
        assert list(told.changes) == ["correct_by"], "the due time of the ticket is another"
    for text in ("已安排人员", "已安排两名人员"):
        correct(city.context.acting_as(city.leader), inspection_id, finding_id, text)
    conclude(context, inspection_id, "已整改")
    with context.reading() as session:
        finding = session.get_one(InspectionFinding, finding_id)
        assert finding.correction == "已安排两名人员"
        assert [said.text for said in finding.earlier] == ["已安排人员"]
        kinds = [event.kind for event in since(session, 0) if "inspection" in event.kind]
    page = browser.sign_in(city.leader).get(f"/inspections/{inspection_id}")
    assert "以前提交的整改情况（1 次）" in page
    assert kinds == [
        "inspection.recorded",
        "inspection.told",
        "ticket.inspection_told",
        "inspection.corrected",
        "inspection.corrected",
        "inspection.closed",
    ]
