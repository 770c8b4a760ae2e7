"""The PBX process: find or install Asterisk, render its configuration, run it confined.

`ensure(cache_dir)` installs, `prepare(settings, seats)` writes everything that Asterisk reads,
`command(settings)` is what a supervisor runs, `Pbx` runs one for a test.
"""

from ivr.pbx.errors import PbxError
from ivr.pbx.install import Installation, ensure, locate
from ivr.pbx.ports import ports_in_use
from ivr.pbx.process import (
    Pbx,
    add_seats,
    channel_events_file,
    command,
    ensure_certificates,
    folder_of,
    prepare,
    write_numbers,
    write_queues,
)
from ivr.pbx.seats import Seat, browser_endpoint, desk_endpoint, seats_of

__all__ = [
    "Installation",
    "Pbx",
    "PbxError",
    "Seat",
    "add_seats",
    "browser_endpoint",
    "channel_events_file",
    "command",
    "desk_endpoint",
    "ensure",
    "ensure_certificates",
    "folder_of",
    "locate",
    "ports_in_use",
    "prepare",
    "seats_of",
    "write_numbers",
    "write_queues",
]
