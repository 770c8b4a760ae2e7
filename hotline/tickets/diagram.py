"""Draws the lifecycle table as a page: `python -m hotline.tickets.diagram` writes `docs/lifecycle.md`."""

from hotline.config import PROJECT_ROOT
from hotline.tickets.lifecycle import TRANSITIONS, Transition
from hotline.tickets.states import State

PAGE = PROJECT_ROOT / "docs" / "lifecycle.md"

_HEAD = """# The life of a ticket

This page is drawn from `hotline/tickets/lifecycle.py` by `python -m hotline.tickets.diagram`; a test compares
the two. Change the table there, never this page.

A move is made by one of the roles in its row, when all of its guards (`hotline/tickets/guards.py`) find
nothing missing. Every move writes one line of history with actor, time and reason. Whatever is not in the
table is refused with an error that names state, move and actor.

Random walks try that (`tests/walking/`): random people make random moves through the services. After every
one each line of history is in the table; the history read from its beginning gives the ticket as it stands
(state, department, master, due time); time never runs backwards; nothing moves a promised due time but what
may; a refused move has written nothing. From wherever a ticket stands it can be brought to the archive, and
nothing of it is open there. Joint supervision, inspections, campaigns, incidents and days of another look are
walked as well; what seldom came about is tried more often. The test run walks a few hundred moves on SQLite
and replays them on PostgreSQL; `python -m benchmarks.walk MOVES SEED` walks on, and counts how often each row
of the table and each move was done and refused.
"""


def page() -> str:
    """The page in Markdown: a state diagram for Mermaid, the states, and all moves."""
    return "\n".join([_HEAD, _diagram(), _states(), _moves()])


def _diagram() -> str:
    arrows = [f"    {_node(row.source)} --> {_node(row.target)}: {row.id} {row.event}" for row in TRANSITIONS]
    ends = [f"    {state} --> [*]" for state in State if _never_left_by_routine(state)]
    return "\n".join(["```mermaid", "stateDiagram-v2", *arrows, *ends, "```", ""])


def _states() -> str:
    names = [f"| `{state}` | {_leads_to(state)} |" for state in State]
    return "\n".join(["## States", "", "| state | leads to |", "|---|---|", *names, ""])


def _moves() -> str:
    head = ["## Moves", "", "| id | from | to | move | who | what must hold |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *(_row(row) for row in TRANSITIONS), ""])


def _row(row: Transition) -> str:
    roles = ", ".join(sorted(row.roles))
    guards = ", ".join(guard.__name__.replace("_", " ") for guard in row.guards) or "-"
    source = f"`{row.source}`" if row.source else "-"
    return f"| {row.id} | {source} | `{row.target}` | `{row.event}` | {roles} | {guards} |"


def _leads_to(state: State) -> str:
    return ", ".join(f"`{target}`" for target in dict.fromkeys(_targets(state)))


def _targets(state: State) -> list[State]:
    return [row.target for row in TRANSITIONS if row.source is state]


def _never_left_by_routine(state: State) -> bool:
    """The archive: what leads out of it is named exceptional."""
    return all(row.event.endswith("_exceptional") for row in TRANSITIONS if row.source is state)


def _node(state: State | None) -> str:
    return state or "[*]"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
