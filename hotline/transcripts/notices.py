"""What callers are told before they are recorded, in which version, and whether they heard it out.

Whoever stays on the line after the notice consents to the recording; the row of the call is the proof.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.asked_once import asked_once
from hotline.calls.models import Call
from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.prompts.queries import in_use, words_of
from hotline.transcripts.models import CallNotice

LONGEST_LANGUAGE = 10


def notice_given(
    context: Context,
    call_id: int,
    language: str,
    tongue: str,
    plan_version: int | None,
    prompts: Sequence[str],
) -> None:
    """These prompts are played to the caller of the call next. Said again (another language was chosen), the
    last word counts, unless the caller has heard out what was said before.
    """
    chosen = language or context.settings.language
    with context.writing() as session:
        insert_unless_there(session, CallNotice, call_id=call_id, prompts=[])
        notice = session.get_one(CallNotice, call_id)
        notice.language, notice.tongue = chosen[:LONGEST_LANGUAGE], tongue[:20]
        if notice.heard_at is None:
            notice.plan_version, notice.prompts = plan_version, _versions(session, chosen, prompts)


def notice_heard(context: Context, linkedid: str, prompts: Sequence[str], at: datetime) -> None:
    """The exchange has played these prompts to their end, and the caller was still there.

    Where the scripts were away, this is the first that is known of it. Told again, nothing happens.
    """
    with context.writing() as session:
        call_id = session.scalar(select(Call.id).where(Call.linkedid == linkedid))
        if call_id is None:
            return
        insert_unless_there(session, CallNotice, call_id=call_id, prompts=[])
        notice = session.get_one(CallNotice, call_id)
        if notice.heard_at is not None:
            return
        notice.heard_at = at
        notice.language = notice.language or context.settings.language
        if [prompt["name"] for prompt in notice.prompts] != list(prompts):
            notice.prompts = _versions(session, notice.language, prompts)


def notice_of(session: Session, call_id: int) -> CallNotice | None:
    """What the caller was told, or None where nobody wrote it down."""
    return session.get(CallNotice, call_id)


@asked_once
def notices_of(session: Session, contact_id: int) -> Mapping[int, CallNotice]:
    """Of a contact's calls, by call; those of which nobody wrote it down are left out."""
    query = select(CallNotice).join(Call, CallNotice.call_id == Call.id)
    return {one.call_id: one for one in session.scalars(query.where(Call.contact_id == contact_id))}


def _versions(session: Session, language: str, prompts: Sequence[str]) -> list[dict[str, Any]]:
    spoken_in = language.partition("_")[0]  # `zh_slow` says the words of `zh`
    versions = {version.name: version.id for version in in_use(session, spoken_in)}
    return [
        {"name": name, "version": versions.get(name), "text": words_of(session, spoken_in, name) or ""}
        for name in prompts
    ]
