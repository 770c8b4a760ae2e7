"""How often the suggestions are right: 200 complaints nobody trained on, spoken through G.711 and recognised.

    python -m benchmarks.suggestions [--text] [FILE]

The classifier learns from invented past tickets (data/past_tickets.txt), the places are the demo city's.
`--text` takes the sentences as written instead of as heard. Right is the very value; a road needs its number.
"""

import random
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from benchmarks._hearing import hear
from hotline.cli.demo.city import MATTERS
from hotline.cli.demo.gazetteer import places
from hotline.gazetteer.rules import Entry, PlaceIndex
from hotline.redaction.rules import masked
from hotline.suggestions.rules import Knowledge, suggest, without_places
from hotline.suggestions.training import Example, confusion_table, fit
from hotline.suggestions.values import Field, Piece

DATA = Path(__file__).parent / "data"
TEST_SET = DATA / "spoken_complaints.tsv"
PAST_TICKETS = DATA / "past_tickets.txt"
GOALS = {"type": 0.80, "category": 0.80, "district": 0.95, "road and number": 0.85, "department": 0.80}
MOMENT = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
_CHOICE = re.compile(r"\[([^][]*)\]")
_VARIANTS = 6
_TRIES = 20
_SEED = 1


class Complaint(NamedTuple):
    """What one citizen says, and what is right. "-" stands for none."""

    type: str
    category: str
    district: str
    road: str
    number: str
    sentence: str

    @property
    def address(self) -> str:
        """Road and number, or none."""
        return "-" if self.road == "-" else self.road + self.number


def complaints(path: Path) -> list[Complaint]:
    """The lines of a file, without its comments."""
    lines = path.read_text("utf-8").splitlines()
    return [Complaint(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def past_tickets(index: PlaceIndex, path: Path = PAST_TICKETS) -> Iterator[Example]:
    """Invented tickets: some variants of every line, always the same."""
    rng = random.Random(_SEED)
    at = MOMENT - timedelta(days=365)
    for line in path.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kind, category, pattern = line.split(" ", 2)
        said = {_CHOICE.sub(lambda m: rng.choice(m[1].split("|")), pattern): None for _ in range(_TRIES)}
        for text in list(said)[:_VARIANTS]:
            at += timedelta(minutes=7)
            yield Example(masked(without_places(text, index)), kind, category, at)


def city_knowledge() -> Knowledge:
    """The demo city with a trained classifier."""
    index = PlaceIndex(Entry(p.kind, p.name, p.district, p.street, tuple(p.aliases)) for p in places())
    units = {matter.code: matter.unit for matter in MATTERS}
    return Knowledge(
        index=index,
        classifier=fit(list(past_tickets(index))),
        keywords={matter.code: matter.words for matter in MATTERS},
        department=lambda category, district: (units[category], "category"),
    )


def pieces_of(given: Sequence[Complaint], as_written: bool) -> Iterator[list[Piece]]:
    """What the desk gets of every complaint."""
    if as_written:
        yield from ([Piece("caller", complaint.sentence)] for complaint in given)
        return
    for segments in hear([complaint.sentence for complaint in given]):
        yield [
            Piece("caller", s.text, s.start_s, s.end_s, tuple((w[0], w[1], w[2]) for w in s.words))
            for s in segments
        ]


def measure(given: Sequence[Complaint], as_written: bool = False) -> dict[str, list[tuple[str, str]]]:
    """By figure, what was right and what was suggested for each complaint."""
    knowledge = city_knowledge()
    units = {matter.code: matter.unit for matter in MATTERS}
    pairs: dict[str, list[tuple[str, str]]] = {figure: [] for figure in GOALS}
    for complaint, pieces in zip(given, pieces_of(given, as_written), strict=True):
        got = {s.field: s.value for s in suggest(pieces, MOMENT, knowledge)}
        pairs["type"].append((complaint.type, got.get(Field.TYPE, "-")))
        pairs["category"].append((complaint.category, got.get(Field.CATEGORY, "-")))
        pairs["district"].append((complaint.district, got.get(Field.DISTRICT, "-")))
        pairs["department"].append((units[complaint.category], got.get(Field.DEPARTMENT, "-")))
        if complaint.address != "-":
            address = got.get(Field.ADDRESS, "-")
            right = address if address.startswith(complaint.address) else complaint.address
            pairs["road and number"].append((right, address))
    return pairs


def share(pairs: Sequence[tuple[str, str]]) -> float:
    """How many are right."""
    return sum(right == said for right, said in pairs) / len(pairs)


def _address_table(pairs: Sequence[tuple[str, str]]) -> str:
    """Roads are too many for a table of all against all: what was right of those that were wrong."""
    roads = [(r, s) for r, s in pairs if r != s]
    wrong_road = sum(re.sub(r"\d.*", "", r) != re.sub(r"\d.*", "", s) for r, s in roads)
    return (
        f"of {len(roads)} wrong: {wrong_road} another road or none, {len(roads) - wrong_road} another number"
    )


def main() -> None:
    """Measure, print, and fail below the goals."""
    files = [word for word in sys.argv[1:] if not word.startswith("--")]
    given = complaints(Path(files[0]) if files else TEST_SET)
    pairs = measure(given, as_written="--text" in sys.argv)
    for figure, answers in pairs.items():
        table = _address_table(answers) if figure == "road and number" else confusion_table(answers)
        print(f"\n{figure}: {share(answers):.1%} of {len(answers)}\n{table}")
    got = {figure: share(answers) for figure, answers in pairs.items()}
    print(
        "\nsuggestions: "
        + ", ".join(f"{name} {got[name]:.3f} (least {goal})" for name, goal in GOALS.items())
    )
    sys.exit(0 if all(got[name] >= goal for name, goal in GOALS.items()) else 1)


if __name__ == "__main__":
    main()
