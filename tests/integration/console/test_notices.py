"""A notice on the screen and as a file: who gets it, and that it tells nobody more of the citizen."""

from dataclasses import replace
from io import BytesIO

from docx import Document
from pypdfium2 import PdfDocument

from hotline.config import load_settings
from hotline.people.actors import Role
from hotline.people.models import Department
from hotline.supervision.queries import cases_of
from hotline.supervision.rules import Kind, Level
from hotline.supervision.service import order, propose
from tests.factories import CITIZEN, City, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound, number_of
from tests.integration.units import Units

IN_CHARGE = ("张三（副局长）", "李四 2233")
SAID = (*IN_CHARGE, "督〔2020〕0001号", "专项督办通知单", "水务局", "三楼以上", "2020年5月5日24时")


def ordered(city: City) -> str:
    """A special case against the water bureau; returns the path of its notice."""
    with city.context.writing() as session:
        water = session.get_one(Department, city.water_id)
        water.responsible, water.contact, water.phone = "张三（副局长）", "李四", "2233"
    ticket_id = city.signed()
    director = city.context.acting_as(Units.of(city).director)
    order(director, ticket_id, Level.L3, Kind.INSPECTION, f"请联系市民 {CITIZEN}，三天内解决")
    with city.context.reading() as session:
        (case,) = cases_of(session, ticket_id)
    return f"/tickets/{number_of(city, ticket_id)}/supervision/{case.id}"


def texts_of(file: bytes) -> str:
    document = Document(BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_hotline_prints_a_notice_without_the_citizen(browser: Browser, city: City) -> None:
    path = ordered(city)
    browser.sign_in(city.supervisor)
    ticket = browser.get(path.partition("/supervision")[0])
    assert path in ticket
    assert ticket.count("张三（副局长）") == 2, "who answers now, and who did when it was dispatched"
    page = browser.get(path)
    _is_sound(page, "zh")
    answer = browser.client.get(f"{path}/docx")
    header = Document(BytesIO(answer.data)).sections[0].header
    assert f'string="{city.supervisor.name} 热线中心 2020-04-30 16:00"' in header._element.xml
    assert "attachment" in answer.headers["Content-Disposition"]
    for text in (page, texts_of(answer.data)):
        assert [word for word in SAID if word not in text] == []
        assert CITIZEN not in text
        assert "王小明" not in text


def test_the_department_prints_its_own_with_the_number_it_may_know(browser: Browser, city: City) -> None:
    path = ordered(city)
    browser.sign_in(city.handler)
    assert CITIZEN in texts_of(browser.client.get(f"{path}/docx").data)
    answer = browser.client.get(f"{path}/pdf")
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")


def test_several_are_printed_in_one_file(browser: Browser, city: City) -> None:
    director = city.context.acting_as(Units.of(city).director)
    tickets = [city.signed() for _ in range(2)]
    for ticket_id in tickets:
        order(director, ticket_id, Level.L3, Kind.INSPECTION, "三天内解决")
    with city.context.reading() as session:
        cases = [str(case.id) for ticket_id in tickets for case in cases_of(session, ticket_id)]
    paths = [
        f"/tickets/{number_of(city, one)}/supervision/{case}/pdf"
        for one, case in zip(tickets, cases, strict=True)
    ]
    browser.sign_in(city.supervisor)
    assert browser.get("/supervision").count('name="case"') == 2
    answer = browser.post("/supervision/notices", case=cases)
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
    pages = [browser.client.get(path).data.count(b"/Type /Page\n") for path in paths]
    assert answer.data.count(b"/Type /Page\n") == sum(pages) >= 2
    for chosen, words in ((["x"], "请先选择有文号的督办件"), ([*cases, "99"], "有的已经不能打开")):
        refused = browser.post("/supervision/notices", case=chosen, back_filter="level=L3&x=1")
        assert refused.location == "/supervision?level=L3"
        assert words in browser.get(refused.location)


def test_a_letter_keeps_the_citys_title_and_issuer(browser: Browser, city: City) -> None:
    own = {"notice_titles": {"L3": "网络问政交办函"}, "notice_issuers": {"L3": "市政府办公室"}}
    settings = load_settings(**{**city.context.settings.model_dump(), **own})
    path = ordered(replace(city, context=replace(city.context, settings=settings)))
    browser.sign_in(city.supervisor)
    answer = browser.client.get(f"{path}/docx")
    lines = texts_of(answer.data).splitlines()
    assert (lines[0], "网络问政交办函" in lines, "专项督办通知单" in lines) == ("市政府办公室", True, False)
    assert "%E4%BA%A4%E5%8A%9E%E5%87%BD" in answer.headers["Content-Disposition"], "the file's name, too"
    assert "网络问政交办函" in browser.get(path)
    answer = browser.client.get(f"{path}/pdf")
    pages = PdfDocument(answer.data)
    text = pages[0].get_textpage().get_text_bounded()
    assert ("网络问政交办函" in text, "市政府办公室" in text) == (True, True)


def test_others_and_wrong_addresses_get_none(browser: Browser, city: City) -> None:
    path, other = ordered(city), number_of(city, city.signed())
    browser.sign_in(user(city.context, city.police_id, Role.UNIT_REVIEWER))
    assert browser.client.get(path).status_code == 403
    browser.post("/sign-out")
    browser.sign_in(city.agent)
    assert browser.client.get(f"{path}/docx").status_code == 403
    browser.post("/sign-out")
    browser.sign_in(city.supervisor)
    case_id = path.rpartition("/")[2]
    for wrong in (f"/tickets/{other}/supervision/{case_id}", f"{path}/odt", path + "9"):
        assert browser.client.get(wrong).status_code == 404


def test_a_proposal_has_no_notice_yet(browser: Browser, city: City) -> None:
    ticket_id = city.signed()
    propose(city.context.acting_as(city.supervisor), ticket_id, "无进展")
    with city.context.reading() as session:
        (case,) = cases_of(session, ticket_id)
    browser.sign_in(city.supervisor)
    path = f"/tickets/{number_of(city, ticket_id)}/supervision/{case.id}"
    assert browser.client.get(path).status_code == 404
