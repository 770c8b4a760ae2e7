"""A ticket's whole file: ordered with a reason, made part by part, taken out by whoever ordered it."""

import json
import zipfile
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from docx import Document

from agent_console.dossiers.printing import sheet_of
from hotline.citizens.deeds import supplement
from hotline.context import Context
from hotline.dossiers import service
from hotline.dossiers.models import Dossier, DossierState, Ground
from hotline.dossiers.ports import Workshop
from hotline.dossiers.rules import DossierRefused
from hotline.dossiers.zipping import place_of
from hotline.evidence.apart import Inspected
from hotline.evidence.kinds import Kind
from hotline.people.actors import Actor, NotPermitted, Role
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from hotline.transcripts.models import Speaker
from recordings.tracks import Spool
from tests.factories import CITIZEN, City, FixedClock, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import CHINESE, NOT_OURS, number_of
from tests.integration.test_core_retention import WORDS, recorded

PHOTO = Inspected("现场.jpg", Kind.JPEG, b"a picture")
WHY = {"ground": "hand_over", "receiver": "城关区法院", "reason": "调卷函 12 号"}


@pytest.fixture
def workshop(context: Context) -> Workshop:
    return Workshop(Spool(context.settings.spool_dir), sheet_of)


def told(city: City) -> int:
    """A matter with a photograph of its citizen, a reply, and a recorded call."""
    ticket_id = city.signed()
    supplement(city.context, number_of(city, ticket_id), "见照片，王小明", [PHOTO])
    city.reply(ticket_id)
    recorded(city, Speaker.CALLER, ticket_id=ticket_id)
    return ticket_id


def made(context: Context, workshop: Workshop, dossier_id: int) -> Dossier:
    """Every part, one a pass."""
    with context.reading() as session:
        parts = len(session.get_one(Dossier, dossier_id).parts)
    assert [service.make_due(context, workshop) for _ in range(parts + 1)] == [1] * parts + [0]
    with context.reading() as session:
        return session.get_one(Dossier, dossier_id)


def ordered(city: City, who: Actor, ticket_id: int, ground: Ground = Ground.HAND_OVER) -> int:
    return service.order(city.context.acting_as(who), ticket_id, ground, "城关区法院", "调卷函 12 号")


def content(city: City, dossier_id: int) -> tuple[list[str], dict[str, Any], str]:
    """Names in the ZIP, its JSON, and the words of its sheet."""
    with zipfile.ZipFile(place_of(city.context, dossier_id)) as package:
        sheet = Document(BytesIO(package.read("工单.docx")))
        cells = (cell.text for table in sheet.tables for row in table.rows for cell in row.cells)
        words = "\n".join([*(one.text for one in sheet.paragraphs), *cells])
        return package.namelist(), json.loads(package.read("工单.json")), words


def test_a_file_is_ordered_made_and_taken_out(
    browser: Browser, city: City, workshop: Workshop, clock: FixedClock
) -> None:
    ticket_id = told(city)
    number = number_of(city, ticket_id)
    address = f"/tickets/{number}/dossiers"
    browser.sign_in(city.reviewer)
    assert address in browser.get(f"/tickets/{number}")
    refused = browser.post(address, **{**WHY, "reason": ""})
    assert (refused.status_code, "城关区法院" in refused.text) == (422, True)
    assert browser.post(address, **WHY).status_code == 302
    assert '<progress max="4" value="0">' in browser.get(address)
    dossier = made(city.context, workshop, 1)
    assert (dossier.state, dossier.done, dossier.missing) == (DossierState.READY, 4, [])
    assert "可以下载" not in browser.get(address)
    answer = browser.client.get(f"{address}/1")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert zipfile.ZipFile(BytesIO(answer.data)).testzip() is None
    answer.close()
    names, data, sheet = content(city, 1)
    assert names == ["工单.json", "工单.docx", "市民的附件/1 现场.jpg", "录音/1 1 caller.wav"]
    assert data["tables"]["ticket"][0]["complainant_phone"] == CITIZEN
    assert "query_code" not in data["tables"]["ticket"][0], "whoever has it acts as the citizen"
    assert data["tables"]["contact_record"][0]["note"] is not None
    for words in ("王小明", "三楼以上早晚没有水", "水压已恢复", "调卷函 12 号", WORDS, "派单"):
        assert words in sheet
    with city.context.reading() as session:
        lines = session.get_one(Ticket, ticket_id).history
    assert [(one.event, one.reason) for one in lines[-2:]] == [
        ("dossier_ordered", "调卷函 12 号"),
        ("dossier_fetched", "调卷函 12 号"),
    ]
    clock.advance(days=4)
    assert service.forget_old(city.context) == 1
    assert not place_of(city.context, 1).exists()
    assert browser.client.get(f"{address}/1").status_code == 404
    assert "已过三天" in browser.get(address)
    browser.post("/language", language="en", next="/")
    page = NOT_OURS.sub("", browser.get(address))
    for typed in (WHY["receiver"], WHY["reason"], "热线中心"):
        page = page.replace(typed, "")
    assert not CHINESE.search(page), CHINESE.findall(page)


def test_a_citizen_gets_nothing_of_how_offices_dealt_with_one_another(city: City, workshop: Workshop) -> None:
    ticket_id = told(city)
    dossier = made(city.context, workshop, ordered(city, city.reviewer, ticket_id, Ground.ACCESS))
    _names, data, sheet = content(city, dossier.id)
    assert "internal_text" not in data["tables"]["reply"][0]
    assert {"reason", "changes", "actor_name"}.isdisjoint(data["tables"]["history_line"][0])
    assert city.handler.name not in json.dumps(data["tables"]["history_line"])
    assert "王小明" in sheet


def test_who_may_not_know_the_citizen_takes_out_a_masked_file(city: City, workshop: Workshop) -> None:
    dossier = made(city.context, workshop, ordered(city, city.supervisor, told(city)))
    names, data, sheet = content(city, dossier.id)
    assert data["masked"] is True
    for word in ("王小明", CITIZEN, "幸福路 8 号"):
        assert word not in json.dumps(data, ensure_ascii=False)
        assert word not in sheet
    assert names[:2] == ["工单.json", "工单.docx"]
    assert not [name for name in names if name.startswith("市民的附件")]


def test_what_is_gone_is_told_and_a_part_that_was_cut_short_is_made_anew(
    city: City, workshop: Workshop
) -> None:
    dossier_id, context = ordered(city, city.reviewer, told(city)), city.context
    service.make_due(context, workshop)
    with context.writing() as session:  # somebody died while they wrote
        session.get_one(Dossier, dossier_id).begun_at = context.now()
    place_of(context, dossier_id).write_bytes(b"half a ZIP")
    next(context.settings.evidence_folder.glob("[0-9a-f][0-9a-f]/*")).unlink()
    dossier = made(context, workshop, dossier_id)
    assert (dossier.state, dossier.missing) == (DossierState.READY, ["enclosure:1"])
    assert len(content(city, dossier_id)[0]) == 3


def test_what_fails_three_times_is_given_up_and_said(
    browser: Browser, city: City, workshop: Workshop, clock: FixedClock
) -> None:
    ticket_id = told(city)
    ordered(city, city.reviewer, ticket_id)

    def cannot(content: object, zone: ZoneInfo) -> bytes:
        raise OSError("the disk is full")

    broken = Workshop(workshop.audio, cannot)
    for _ in range(3):
        assert service.make_due(city.context, broken) == 1  # the JSON
        assert service.make_due(city.context, broken) == 1  # the sheet
        assert service.make_due(city.context, broken) == 0, "not at once again"
        clock.advance(minutes=6)
    assert service.make_due(city.context, broken) == 0
    browser.sign_in(city.reviewer)
    assert "没有做成" in browser.get(f"/tickets/{number_of(city, ticket_id)}/dossiers")


def test_only_who_may_orders_and_only_who_ordered_takes_out(
    browser: Browser, city: City, workshop: Workshop
) -> None:
    ticket_id = told(city)
    address = f"/tickets/{number_of(city, ticket_id)}/dossiers"
    for who in (city.agent, city.handler, city.callback_agent):
        with pytest.raises(NotPermitted):
            ordered(city, who, ticket_id)
    dossier = made(city.context, workshop, ordered(city, city.reviewer, ticket_id))
    reviewing = city.context.acting_as(city.reviewer)
    service.order(reviewing, ticket_id, Ground.ACCESS, "本人", f"本人申请，电话{CITIZEN}")
    browser.sign_in(city.agent)
    assert browser.client.get(address).status_code == 403
    browser.post("/sign-out")
    browser.sign_in(city.supervisor)
    assert browser.client.get(f"{address}/{dossier.id}").status_code == 403
    browser.post("/sign-out")
    browser.sign_in(user(city.context, city.hotline_id, Role.AUDITOR))
    page = browser.get(address)
    assert "调卷函 12 号" in page
    assert ("〔电话〕" in page, CITIZEN in page) == (True, False)
    assert browser.client.get(f"{address}/{dossier.id}").status_code == 403
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    with pytest.raises(DossierRefused):
        ordered(city, city.reviewer, ticket_id)
    with pytest.raises(DossierRefused):
        service.fetched(city.context.acting_as(city.reviewer), dossier.id)
