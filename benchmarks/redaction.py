"""Precision and recall of redaction on our own test set, by kind, and of digits said in groups.

    python -m benchmarks.redaction [FILE]

A marked word is found if every character of it is hidden by findings of any kind (nobody is served by the
right name for a number that is read all the same); a finding is right if it touches a mark of its kind.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from hotline.redaction.kinds import Finding, Kind
from hotline.redaction.rules import find

TEST_SET = Path(__file__).parent / "data" / "personal_words.txt"
LEAST_OVERALL = 0.90
LEAST_IN_GROUPS = 0.95
_MARK = re.compile(r"<(\w+):([^>]+)>")
_SPOKEN = re.compile(r"[零一二三四五六七八九幺]{3,}.*[ 嗯个].*[零一二三四五六七八九幺叉]{3,}")


class Example(NamedTuple):
    """A sentence and what is personal in it."""

    text: str
    marks: list[Finding]


class Count(NamedTuple):
    """Of one kind: how many there are, were found, were claimed, and were claimed rightly."""

    there: int
    found: int
    claimed: int
    right: int

    def line(self, name: str) -> str:
        """As a row of a table."""
        recall = f"{self.found / self.there:6.1%}" if self.there else "     -"
        precision = f"{self.right / self.claimed:6.1%}" if self.claimed else "     -"
        return f"{name:<22} {recall} ({self.found}/{self.there})  {precision} ({self.right}/{self.claimed})"


def examples(path: Path) -> Iterator[Example]:
    """The sentences of a file with marks like `<phone:...>`."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield parsed(line)


def parsed(line: str) -> Example:
    """A marked sentence."""
    text, marks, place = "", [], 0
    for mark in _MARK.finditer(line):
        text += line[place : mark.start()]
        marks.append(Finding(len(text), len(text) + len(mark[2]), Kind(mark[1])))
        text += mark[2]
        place = mark.end()
    return Example(text + line[place:], marks)


def as_recognised(example: Example) -> Example:
    """The example as a recogniser writes it: without punctuation and spaces (those within marks stay)."""
    keep = [
        place
        for place, character in enumerate(example.text)
        if character not in "，。；：、 " or any(m.start <= place < m.end for m in example.marks)
    ]
    where = {old: new for new, old in enumerate(keep)}
    marks = [Finding(where[m.start], where[m.end - 1] + 1, m.kind) for m in example.marks]
    return Example("".join(example.text[place] for place in keep), marks)


def is_hidden(mark: Finding, findings: list[Finding]) -> bool:
    """Whether every character of the mark is in some finding."""
    return all(any(f.start <= place < f.end for f in findings) for place in range(mark.start, mark.end))


def touches(finding: Finding, marks: list[Finding]) -> bool:
    """Whether the finding meets a mark of its own kind."""
    return any(m.kind is finding.kind and m.start < finding.end and finding.start < m.end for m in marks)


def measure(given: list[Example]) -> tuple[dict[Kind, Count], Count]:
    """Counts by kind, and of the numbers that are said in groups."""
    tally: Counter[tuple[Kind, str]] = Counter()
    in_groups: Counter[str] = Counter()
    for text, marks in given:
        findings = find(text)
        for mark in marks:
            hidden = is_hidden(mark, findings)
            tally[mark.kind, "there"] += 1
            tally[mark.kind, "found"] += hidden
            if _SPOKEN.search(text[mark.start : mark.end]):
                in_groups["there"] += 1
                in_groups["found"] += hidden
        for finding in findings:
            tally[finding.kind, "claimed"] += 1
            tally[finding.kind, "right"] += touches(finding, marks)
    counts = {kind: Count(*(tally[kind, name] for name in Count._fields)) for kind in Kind}
    return counts, Count(in_groups["there"], in_groups["found"], 0, 0)


def main() -> None:
    """Measure, print, and fail below the goals."""
    given = list(examples(Path(sys.argv[1]) if len(sys.argv) > 1 else TEST_SET))
    written = _print("as written", given)
    heard = _print("as recognised", [as_recognised(example) for example in given])
    sys.exit(0 if written and heard else 1)


def _print(name: str, given: list[Example]) -> bool:
    """A table, and a line against the goals. Returns whether they are reached."""
    counts, groups = measure(given)
    total = Count(*map(sum, zip(*counts.values(), strict=True)))
    print(f"\n{len(given)} sentences {name:<13} recall           precision")
    for kind, count in counts.items():
        print(count.line(kind))
    print(total.line("all"))
    print(groups.line("digits said in groups"))
    overall, grouped = total.found / total.there, groups.found / groups.there if groups.there else 1.0
    good = overall >= LEAST_OVERALL and grouped >= LEAST_IN_GROUPS
    print(
        f"redaction {name}: recall {overall:.3f} (least {LEAST_OVERALL}), of digits in groups {grouped:.3f} "
        f"(least {LEAST_IN_GROUPS}), precision {total.right / total.claimed:.3f}"
    )
    return good


if __name__ == "__main__":
    main()
