"""The recording's player: words lead to the moment at which they were said, on whichever track is heard."""

from playwright.sync_api import expect

from hotline.tickets.models import Ticket
from hotline.transcripts import service as transcripts
from hotline.transcripts.models import Speaker
from tests.e2e.conftest import Enter
from tests.factories import City
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, write_tone
from tests.waiting import until

CALL_SECONDS = 10.0
AGENT_STARTS = 4.0
WORDS_AT = 6.0
CLOSE = 1.5  # it plays on while we look


def test_words_lead_to_their_moment_on_every_track(console: str, city: City, enter: Enter) -> None:
    number = _recorded(city)
    reader = enter(console, city.screener.name)
    reader.open(f"/tickets/{number}")
    line = reader.page.get_by_role("button", name="请问是几号楼")

    line.click()
    until(lambda: _near(_position(reader.page), WORDS_AT), what="the mix to play from the words on")
    expect(line).to_have_attribute("data-now", "")

    reader.page.locator("[data-tracks]").select_option(label="只听坐席 · 00:06")
    line.click()
    until(lambda: _near(_position(reader.page), WORDS_AT - AGENT_STARTS), what="the agent's track to follow")


def _position(page) -> float:  # type: ignore[no-untyped-def]
    return float(page.locator("[data-player] audio").evaluate("(audio) => audio.currentTime"))


def _near(position: float, wanted: float) -> bool:
    return wanted <= position < wanted + CLOSE


def _recorded(city: City) -> str:
    """A registered ticket with a mix and the agent's track, and what the agent said."""
    context, ticket_id = city.context, city.registered()
    with context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        number, linkedid = ticket.number or "", ticket.contact.source_ref
    folder = context.settings.spool_dir / linkedid
    folder.mkdir(parents=True)
    write_tone(folder / "mix.wav", CITIZEN_HZ, CALL_SECONDS)
    write_tone(folder / "agent.wav", AGENT_HZ, CALL_SECONDS - AGENT_STARTS)
    tracks = [
        transcripts.TrackFile(Speaker.MIX, f"{linkedid}/mix.wav", CALL_SECONDS),
        transcripts.TrackFile(
            Speaker.AGENT, f"{linkedid}/agent.wav", CALL_SECONDS - AGENT_STARTS, AGENT_STARTS
        ),
    ]
    transcripts.register_recording(context, linkedid, linkedid, tracks)
    claim = transcripts.claim_recording(context, "test")
    assert claim is not None
    at = WORDS_AT - AGENT_STARTS
    said = {claim.tracks[0].track_id: [transcripts.SpokenSegment(at, at + 2, "请问是几号楼", [])]}
    transcripts.complete_transcript(context, claim, said, "small-zh", "0" * 64)
    return number
