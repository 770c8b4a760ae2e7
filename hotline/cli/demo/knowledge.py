"""The demo city's first knowledge, from `knowledge.toml`; what of it is public, and where its code hangs."""

import tomllib
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from hotline.context import Context
from hotline.knowledge.models import Entry
from hotline.knowledge.places import make_places
from hotline.knowledge.publishing import publish_entry
from hotline.knowledge.rules import Content
from hotline.knowledge.service import write_entry
from hotline.people.models import Department, User


def load(context: Context, editor: str) -> None:
    """Write the entries as this user, unless there are any."""
    with context.reading() as session:
        if session.scalars(select(Entry.id)).first() is not None:
            return
        actor = session.scalars(select(User).where(User.username == editor)).one().actor()
        owners = {unit.code: unit.id for unit in session.scalars(select(Department))}
    for entry in _entries():
        _write(context.acting_as(actor), owners[entry.pop("owner")], **entry)


def _entries() -> list[dict[str, Any]]:
    text = files("hotline.cli.demo").joinpath("knowledge.toml").read_text("utf-8")
    entries: list[dict[str, Any]] = tomllib.loads(text)["entry"]
    return entries


def _write(
    context: Context,
    owner_id: int,
    category: str,
    public: bool = False,
    notice: bool = False,
    places: Sequence[str] = (),
    district: str = "",
    **said: Any,
) -> None:
    today = context.now().astimezone(context.settings.zone).date()
    content = Content(**said, owner_id=owner_id, category_code=category, valid_from=today)
    entry_id = write_entry(context, content)
    if public:
        publish_entry(context, entry_id, seen=1, checked=True, is_notice=notice)
    if places:
        make_places(context, entry_id, places, district)
