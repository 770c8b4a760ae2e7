"""The list of addresses that Asterisk refuses for a while. The file is all there is of it."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from ivr.pbx.templates import render_one

BANS_FILE = "acl.conf"
_BAN = re.compile(r"^; until (\S+)\ndeny = (\S+)$", re.MULTILINE)


def written_bans(configuration: Path) -> dict[str, datetime]:
    """Until when each address is refused, by the file in this folder."""
    path = configuration / BANS_FILE
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return {address: datetime.fromisoformat(until) for until, address in _BAN.findall(text)}


def write_bans(configuration: Path, bans: Mapping[str, datetime]) -> None:
    """Takes effect when Asterisk is told to reload its module `acl`."""
    render_one(f"hotline/{BANS_FILE}.j2", configuration, {"bans": dict(bans)})
