"""Files that citizens send along: taken, refused beside the field, opened by who may know the citizen."""

from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from hotline.citizens.deeds import supplement
from hotline.context import Context
from hotline.database import Database
from hotline.evidence.apart import Inspected
from hotline.evidence.enclosures import enclosures_of
from hotline.evidence.kinds import Kind
from hotline.evidence.models import Enclosure
from hotline.intake.web import TRIES_PER_ADDRESS
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from tests import evidence_files as files
from tests.factories import City, FixedClock, make_context, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_citizens import Citizen, _is_sound, citizen  # noqa: F401 - a fixture
from tests.integration.console.test_evidence import upload
from tests.integration.console.test_intake import tickets
from tests.integration.console.test_writing import asked, form

LARGEST = 20_000


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    small = {"enclosure_bytes": LARGEST, "enclosure_files": 3, "enclosure_total_bytes": 25_000}
    return make_context(sqlite_database, clock, tmp_path, **small)


def came(city: City, ticket_id: int) -> list[Enclosure]:
    with city.context.reading() as session:
        return list(enclosures_of(session, ticket_id))


def test_a_photograph_comes_with_the_matter_without_its_place(
    browser: Browser,
    citizen: Citizen,  # noqa: F811
    city: City,
) -> None:
    _is_sound(citizen.client.get("/write/").text)
    sent = form(citizen)
    answer = citizen.post("/write/", **sent, files=[upload(files.photograph(), "王小明.jpg")])
    assert (answer.status_code, "附件收到 1 个" in answer.text) == (200, True)
    again = citizen.post("/write/", **sent, files=[upload(files.photograph(), "王小明.jpg")])
    assert again.status_code == 200, "the same press"
    (ticket,) = tickets(city)
    (file,) = came(city, ticket.id)
    browser.sign_in(city.agent)
    address = f"/tickets/{ticket.number}/enclosures/{file.id}"
    for page in ("/intake/web", f"/tickets/{ticket.number}"):
        assert address in browser.get(page)
    photo = browser.client.get(address)
    assert photo.data.startswith(b"\xff\xd8\xff")
    assert b"Seagull" not in photo.data, "nor is the place, which stood beside the maker"
    assert photo.headers["Content-Disposition"].startswith("attachment;")
    assert photo.headers["X-Content-Type-Options"] == "nosniff"
    assert "收到您的附件" in citizen.open(ticket.id)


def test_files_are_refused_beside_their_field_and_nothing_is_lost(citizen: Citizen, city: City) -> None:  # noqa: F811
    sent = form(citizen)
    white = files.pdf() + b"\n" * 15_000
    for chosen, words in (
        ([upload(files.image(), f"{n}.jpg") for n in range(4)], "一次最多上传 3 个文件"),
        ([upload(files.sound(), "录音.wav")], "录音.wav：只能上传照片"),
        ([upload(files.pdf(), "a.jpg")], "a.jpg：内容和文件名的类型不一致"),
        ([upload(files.pdf() + bytes(LARGEST), "a.pdf")], "a.pdf：文件太大"),
        ([upload(white, "a.pdf"), upload(white, "b.pdf")], "几个文件加起来不能超过 24 KB"),
        ([upload(files.pdf(files.runs_script), "方案.pdf")], "方案.pdf：含有宏、脚本"),
    ):
        answer = citizen.post("/write/", **sent, files=chosen)
        assert answer.status_code == 422, words
        assert f'id="files-error">{words}' in answer.text
        for typed in ("路灯不亮", "修好", "幸福路 8 号", "文件要重新选择"):
            assert typed in answer.text
    assert tickets(city) == []
    assert list(city.context.settings.evidence_folder.glob("*/*")) == []
    again = {**sent, **asked(answer.text)}
    assert citizen.post("/write/", **again, files=[upload(files.pdf(), "方案.pdf")]).status_code == 200


def test_what_is_added_later_may_bring_files_up_to_the_measure_of_the_matter(
    citizen: Citizen,  # noqa: F811
    city: City,
) -> None:
    ticket_id = city.signed()
    _is_sound(citizen.open(ticket_id))
    number, _code = citizen.pair(ticket_id)
    pictures = [Inspected(f"{n}.jpg", Kind.JPEG, bytes([n])) for n in range(3)]
    supplement(city.context, number, "见照片", pictures)
    supplement(city.context, number, "见照片", pictures[:1])  # the same press
    fourth = upload(files.image(), "3.jpg")
    answer = citizen.post("/progress/supplement", supplement="又一张", files=[fourth])
    assert answer.status_code == 422
    assert 'id="files-error">3.jpg：这件事的附件已到上限' in answer.text
    assert "又一张" in answer.text
    assert [file.name for file in came(city, ticket_id)] == ["0.jpg", "1.jpg", "2.jpg"]
    with city.context.reading() as session:
        history = session.get_one(Ticket, ticket_id).history
        lines = [line for line in history if line.event in ("supplemented", "enclosed")]
    assert [(line.event, line.changes.get("files")) for line in lines] == [
        ("enclosed", 3),
        ("supplemented", None),
    ]


def test_large_forms_are_read_only_where_they_are_expected(citizen: Citizen, city: City) -> None:  # noqa: F811
    def send(path: str, size: int = 1_060_000) -> int:
        token = (
            citizen.client.get("/progress/").text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        )
        fields = {"csrf_token": token, "files": FileStorage(BytesIO(bytes(size)), "a.pdf")}
        boundary, body = encode_multipart(fields)
        kind = f"multipart/form-data; boundary={boundary}"
        answer: int = citizen.client.post(path, data=body, content_type=kind).status_code
        return answer

    assert send("/write/") == 422
    assert send("/write/", 1_200_000) == 413
    assert send("/progress/supplement") == 413, "no matter is open"
    citizen.open(city.signed())
    assert send("/progress/supplement") == 422
    for _ in range(TRIES_PER_ADDRESS - 1):
        citizen.post("/write/")
    assert send("/write/") == 413, "this address has sent too many"


def test_papers_are_for_those_who_may_know_the_citizen(
    browser: Browser,
    citizen: Citizen,  # noqa: F811
    city: City,
) -> None:
    ticket_id = city.signed()
    number, _code = citizen.pair(ticket_id)
    supplement(city.context, number, "见照片", [Inspected("王小明.jpg", Kind.JPEG, b"a picture")])
    (file,) = came(city, ticket_id)
    address = f"/tickets/{number}/enclosures/{file.id}"

    def opens(who: object) -> int:
        browser.sign_in(who)  # type: ignore[arg-type]
        status: int = browser.client.get(address).status_code
        browser.post("/sign-out")
        return status

    outsider = user(city.context, city.police_id, Role.HANDLER)
    masked = (city.callback_agent, outsider)
    assert [opens(who) for who in (city.handler, city.agent, *masked)] == [200, 200, 403, 403]
    browser.sign_in(city.callback_agent)
    page = browser.get(f"/tickets/{number}")
    assert "*.jpg" in page
    assert "王小明.jpg" not in page
    browser.post("/sign-out")
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.HIDDEN
    assert [opens(who) for who in (city.handler, city.agent)] == [403, 200]
