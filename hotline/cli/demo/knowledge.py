"""The demo city's first knowledge, from `knowledge.toml`."""

import tomllib
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.knowledge.models import Entry
from hotline.knowledge.rules import Content
from hotline.knowledge.service import write_entry
from hotline.people.models import Department, User


def load(context: Context, editor: str) -> None:
    """Write the entries as this user, unless there are any."""
    with context.reading() as session:
        if session.scalars(select(Entry.id)).first() is not None:
            return
        actor = session.scalars(select(User).where(User.username == editor)).one().actor()
        contents = [_content(session, context, **entry) for entry in _entries()]
    for content in contents:
        write_entry(context.acting_as(actor), content)


def _entries() -> list[dict[str, Any]]:
    text = files("hotline.cli.demo").joinpath("knowledge.toml").read_text("utf-8")
    entries: list[dict[str, Any]] = tomllib.loads(text)["entry"]
    return entries


def _content(session: Session, context: Context, owner: str, category: str, **said: Any) -> Content:
    owner_id = session.scalars(select(Department.id).where(Department.code == owner)).one()
    today = context.now().astimezone(context.settings.zone).date()
    return Content(**said, owner_id=owner_id, category_code=category, valid_from=today)
