"""What the demo city's departments tell everybody, from `listings.toml`."""

import tomllib
from importlib.resources import files

from sqlalchemy import select

from hotline.context import Context
from hotline.directory.listings import Told, tell
from hotline.directory.models import Listing
from hotline.people.models import Department, User


def load(context: Context, supervisor: str) -> None:
    """Write them as this user, unless there are any."""
    text = files("hotline.cli.demo").joinpath("listings.toml").read_text("utf-8")
    with context.reading() as session:
        if session.scalars(select(Listing.department_id)).first() is not None:
            return
        actor = session.scalars(select(User).where(User.username == supervisor)).one().actor()
        units = {unit.code: unit.id for unit in session.scalars(select(Department))}
    for told in tomllib.loads(text)["unit"]:
        tell(context.acting_as(actor), units[told.pop("code")], Told(**told))
