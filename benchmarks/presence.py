"""What it costs that 300 pages open on tickets say where they are, at one process of the console.

    python -m benchmarks.presence [PAGES]

The console runs as `hotline up` runs it. Thirty people hold the event streams of PAGES pages open that show
no ticket, and then, at a console that is started anew, of as many that each show another ticket to their user
and say so every fifteen seconds. Each time the processor time of the console is taken while nothing else
happens; the difference is what staying costs. Then somebody comes and goes, and each page notes when it reads
of that. The limit in the same run: the same number of rows renewed by the bare driver. One line at the end;
the exit status is 1 when a goal is missed.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from benchmarks._processes import processes
from benchmarks._streams import Readers, agents, busy_seconds, open_page, sign_in
from hotline.config import Settings
from hotline.context import Context
from hotline.people.actors import Role
from hotline.presence import service
from hotline.presence.service import RENEWED_EVERY
from tests.factories import City, user
from tests.telephony.conftest import private_settings

PAGES = 300
PEOPLE = 30
QUIET_S = 2 * RENEWED_EVERY.total_seconds()  # each page says it twice
COMINGS = 20
GOAL_SHARE = 0.25  # of one core
GOAL_TOLD_S = 1.0

Keys = Sequence[dict[str, str]]


def main(pages: int) -> int:
    """Exit status 0 if both goals are reached."""
    with tempfile.TemporaryDirectory(prefix="presence.") as folder:
        settings = private_settings(Path(folder))
        context = Context.of(settings)
        context.database.upgrade()
        city = City.founded(context)
        names, known = agents(city, PEOPLE), [city.registered(None) for _ in range(-(-pages // PEOPLE))]
        tickets = [known[page // PEOPLE] for page in range(pages)]
        with processes(settings, "web") as running:
            signed_in = [sign_in(settings, name) for name in names]
            keys = [signed_in[page % PEOPLE] for page in range(pages)]
            without, _told = _busy(settings, running["web"].pid, keys, [None] * pages)
        with processes(settings, "web") as running:
            with_tickets, told = _busy(settings, running["web"].pid, keys, tickets, city)
        bare = _bare_renewals(context, Path(folder), pages)
        context.database.dispose()
    return _judge(pages, (with_tickets - without) / QUIET_S, bare / RENEWED_EVERY.total_seconds(), told)


def _busy(
    settings: Settings,
    console: int,
    keys: Keys,
    tickets: Sequence[int | None],
    city: City | None = None,
) -> tuple[float, list[float]]:
    """Seconds of processor that the console takes for these pages in `QUIET_S`; and, in a city, after how
    many seconds each page knows that somebody came or went."""
    with ExitStack() as open_pages:
        shown = zip(keys, tickets, strict=True)
        streams = [open_pages.enter_context(open_page(settings, key, ticket)) for key, ticket in shown]
        with Readers(streams, b"presences") as readers:
            time.sleep(2)  # what coming has set off is told
            before = busy_seconds(console)
            time.sleep(QUIET_S)
            spent = busy_seconds(console) - before
            return spent, _comings(readers, city, tickets[0]) if city and tickets[0] else []


def _comings(readers: Readers, city: City, ticket_id: int) -> list[float]:
    visitor = city.context.acting_as(user(city.context, city.hotline_id, Role.SUPERVISOR))
    told: list[float] = []
    here: list[int | None] = []
    for _ in range(COMINGS):
        told += readers.delays_of(lambda: here.append(service.enter(visitor, ticket_id)))
        presence_id = here.pop()
        assert presence_id is not None
        told += readers.delays_of(lambda: service.leave(visitor, presence_id))  # noqa: B023 (called at once)
    return told


def _bare_renewals(context: Context, folder: Path, pages: int) -> float:
    """Seconds of processor for one renewal of every page, a transaction each, by the driver alone."""
    copy = sqlite3.connect(folder / "bare.db", isolation_level=None)
    copy.execute("PRAGMA journal_mode=WAL")
    copy.execute("PRAGMA synchronous=NORMAL")
    copy.execute("CREATE TABLE presence (id INTEGER PRIMARY KEY, until_at TEXT)")
    copy.execute("CREATE INDEX ix_presence_until_at ON presence (until_at)")
    copy.executemany("INSERT INTO presence VALUES (?, ?)", [(page, "") for page in range(pages)])
    before = time.process_time()
    for page in range(pages):
        copy.execute("UPDATE presence SET until_at = ? WHERE id = ?", (f"{context.now()}", page))
    spent = time.process_time() - before
    copy.close()
    return spent


def _judge(pages: int, share: float, bare: float, told: Sequence[float]) -> int:
    """`share` and `bare` are shares of one core."""
    p50, p99 = np.percentile(told, (50, 99))
    good = share < GOAL_SHARE and p99 < GOAL_TOLD_S
    print(
        f"presence: {'good' if good else 'MISSED'}; {pages} pages on tickets, "
        f"{pages / 15:.0f} renewals a second: "
        f"{share * 100:.1f} % of one core more than without (goal < {GOAL_SHARE * 100:.0f} %), "
        f"{share * 15 / pages * 1000:.1f} ms a renewal, the bare driver {bare * 15 / pages * 1000:.2f} ms; "
        f"who comes or goes is told to all pages in p50 {p50 * 1000:.0f}, p99 {p99 * 1000:.0f} ms "
        f"(goal p99 < {GOAL_TOLD_S * 1000:.0f} ms)"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES))
