"""Files on the pages: chosen, refused beside the field, listed, downloaded, taken back."""

from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from hotline.context import Context
from hotline.database import Database
from hotline.evidence.apart import Inspected
from hotline.evidence.kinds import Kind
from hotline.evidence.models import Purpose
from hotline.evidence.queries import attachments_of
from hotline.evidence.service import attach
from hotline.people.actors import Actor, Role
from hotline.replies.queries import latest_reply
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from tests import evidence_files as files
from tests.factories import City, FixedClock, make_context, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound, number_of

LARGEST = 20_000


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    return make_context(sqlite_database, clock, tmp_path, evidence_bytes=LARGEST)


def upload(content: bytes, name: str) -> tuple[BytesIO, str]:
    return BytesIO(content), name


def signed(city: City) -> tuple[int, str]:
    ticket_id = city.signed()
    return ticket_id, number_of(city, ticket_id)


def attached(city: City, ticket_id: int, purpose: Purpose = Purpose.HANDLING) -> int:
    """A file that was inspected before."""
    file = Inspected("现场.jpg", Kind.JPEG, f"a picture for {purpose}".encode())
    attach(city.context.acting_as(city.handler), ticket_id, [file], purpose)
    with city.context.reading() as session:
        return attachments_of(session, ticket_id)[-1].id


def test_a_photograph_goes_up_and_comes_down(browser: Browser, city: City) -> None:
    _ticket_id, number = signed(city)
    browser.sign_in(city.handler)
    assert 'enctype="multipart/form-data"' in browser.get(f"/tickets/{number}")
    photo = upload(files.photograph(), "C:\\photos\\现场 1.jpg")
    answer = browser.post(f"/tickets/{number}/evidence", files=[photo], purpose="handling")
    assert answer.status_code == 302, answer.text
    page = browser.get(f"/tickets/{number}")
    for words in ("附件已保存。", "现场 1.jpg", "上传附件", "办理附件"):
        assert words in page
    browser.post("/sign-out")
    browser.sign_in(city.reviewer)
    answer = browser.client.get(f"/tickets/{number}/evidence/1")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "%E7%8E%B0%E5%9C%BA%201.jpg" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"\xff\xd8\xff")
    assert b"Seagull" not in answer.data


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ([], "请选择文件"),
        ([upload(b"", "a.jpg")], "a.jpg：文件是空的"),
        ([upload(b"<svg onload='x'/>", "<i>.svg")], "_i_.svg：不是可以上传的文件类型"),
        ([upload(files.image("PNG") + bytes(LARGEST), "a.png")], "a.png：文件太大"),
        ([upload(files.pdf(files.runs_script), "方案.pdf")], "方案.pdf：含有宏、脚本"),
        ([upload(files.image(), f"{n}.jpg") for n in range(6)], "一次最多上传 5 个文件"),
    ],
)
def test_a_file_is_refused_beside_its_field(
    browser: Browser, city: City, sent: list[tuple[BytesIO, str]], words: str
) -> None:
    ticket_id, number = signed(city)
    browser.sign_in(city.handler)
    fresh = [(BytesIO(content.getvalue()), name) for content, name in sent]
    answer = browser.post(f"/tickets/{number}/evidence", files=fresh, purpose="document")
    assert answer.status_code == 422
    assert f'<span class="error" id="files-error">{words}' in answer.text
    assert 'checked id="purpose-2"' in answer.text, "what was chosen stays"
    with city.context.reading() as session:
        assert attachments_of(session, ticket_id) == []


def test_a_reply_with_a_hostile_file_keeps_every_word(browser: Browser, city: City) -> None:
    ticket_id, number = signed(city)
    browser.sign_in(city.handler)
    with city.context.reading() as session:
        (question,) = session.get_one(Ticket, ticket_id).questions
    written = {
        f"answer_{question.id}": "水压已恢复到三楼以上",
        "public_text": "加压泵已于 4 月 30 日更换",
        "claim_is_true": "yes",
        "is_solved": "yes",
        "cause": "facility",
        "internal_text": "备用泵待采购",
    }
    hostile = upload(files.docx({"word/vbaProject.bin": "x"}), "说明.docx")
    answer = browser.post(f"/tickets/{number}/reply", **written, files=[hostile])
    assert answer.status_code == 422
    assert "说明.docx：含有宏、脚本" in answer.text
    for words in ("水压已恢复到三楼以上", "加压泵已于 4 月 30 日更换", "备用泵待采购", "文件要重新选择"):
        assert words in answer.text
    with city.context.reading() as session:
        assert latest_reply(session, ticket_id) is None
    sound = upload(files.sound(), "通话.wav")
    assert browser.post(f"/tickets/{number}/reply", **written, files=[sound]).status_code == 302
    page = browser.get(f"/tickets/{number}")
    assert "通话.wav" in page
    assert "随回复" in page
    answer = browser.post(f"/tickets/{number}/reply", **written, files=[upload(files.sound(), "通话.wav")])
    assert (answer.status_code, "通话.wav：同样的文件已经上传过" in answer.text) == (409, True)
    assert 'id="reply-files-error"' in answer.text


def send(browser: Browser, path: str, size: int) -> TestResponse:
    """A form with a file of so many bytes, in memory: werkzeug's client leaves large files open."""
    fields = {"purpose": "handling", "way": "phone", "files": FileStorage(BytesIO(bytes(size)), "a.pdf")}
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.client.post(path, data=body, content_type=kind, headers={"X-CSRFToken": browser.token()})


def test_large_requests_are_for_handlers_with_files_alone(browser: Browser, city: City) -> None:
    _ticket_id, number = signed(city)
    evidence = f"/tickets/{number}/evidence"
    browser.sign_in(city.handler)
    answer = send(browser, evidence, 1_050_000)
    assert (answer.status_code, "文件太大" in answer.text) == (422, True)
    answer = send(browser, evidence, 1_200_000)
    assert (answer.status_code, "缩小文件后再提交" in answer.text) == (413, True)
    assert send(browser, f"/tickets/{number}/contact", 1_050_000).status_code == 413
    browser.post("/sign-out")
    browser.sign_in(city.agent)
    assert send(browser, evidence, 1_050_000).status_code == 413


def test_what_is_taken_back_is_left_to_auditors(browser: Browser, city: City) -> None:
    ticket_id, number = signed(city)
    photo = attached(city, ticket_id)
    browser.sign_in(city.handler)
    taken = f"/tickets/{number}/evidence/withdrawal"
    answer = browser.post(taken, attachment=photo, reason="")
    assert (answer.status_code, "请写明理由" in answer.text) == (422, True)
    assert browser.post(taken, attachment=99, reason="不是我的").status_code == 422
    assert browser.post(taken, attachment=photo, reason="拍到了无关的人").status_code == 302
    page = browser.get(f"/tickets/{number}")
    for words in ("已撤回", "拍到了无关的人", "撤回附件"):
        assert words in page
    assert f"/evidence/{photo}" not in page
    assert browser.client.get(f"/tickets/{number}/evidence/{photo}").status_code == 403
    browser.post("/sign-out")
    browser.sign_in(user(city.context, city.hotline_id, Role.AUDITOR))
    assert f"/evidence/{photo}" in browser.get(f"/tickets/{number}")
    assert browser.client.get(f"/tickets/{number}/evidence/{photo}").status_code == 200


def test_who_may_not_know_the_citizen_does_not_open_their_papers(browser: Browser, city: City) -> None:
    ticket_id, number = signed(city)
    paper = attached(city, ticket_id, Purpose.DOCUMENT)
    browser.sign_in(city.callback_agent)
    page = browser.get(f"/tickets/{number}")
    assert "*.jpg" in page
    assert "现场" not in page, "papers are named after their citizen"
    assert f"/evidence/{paper}" not in page
    assert browser.client.get(f"/tickets/{number}/evidence/{paper}").status_code == 403


def test_nobody_reaches_a_file_by_another_way(browser: Browser, city: City) -> None:
    ticket_id, number = signed(city)
    photo = attached(city, ticket_id)
    address = f"/tickets/{number}/evidence/{photo}"
    assert browser.client.get(address).location.startswith("/sign-in")
    outsider = user(city.context, city.police_id, Role.HANDLER)
    browser.sign_in(outsider)
    assert browser.client.get(address).status_code == 403
    assert browser.post(f"/tickets/{number}/evidence", purpose="handling").status_code == 403
    browser.post("/sign-out")
    browser.sign_in(city.handler)
    other = number_of(city, city.signed("13800005678"))
    assert browser.client.get(f"/tickets/{other}/evidence/{photo}").status_code == 404
    assert browser.client.get(f"/tickets/{number}/evidence/{10**12}").status_code == 404
    next(city.context.settings.evidence_folder.glob("*/*")).unlink()
    assert browser.client.get(address).status_code == 404
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    assert browser.client.get(address).status_code == 403


def test_the_section_renders_in_both_languages(
    browser: Browser, city: City, all_rounder: Actor, language: str
) -> None:
    ticket_id, number = signed(city)
    attached(city, ticket_id, Purpose.CONTACT)
    page = browser.sign_in(all_rounder).get(f"/tickets/{number}")
    _is_sound(page, language)
    assert ("Proof of contact" if language == "en" else "联系证据") in page
