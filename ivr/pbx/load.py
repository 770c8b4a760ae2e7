"""How much processor time a process and its children have used."""

import os
from pathlib import Path

_PARENT, _USER, _SYSTEM = 1, 11, 12  # fields of /proc/<pid>/stat after the command's name, see proc(5)


def processor_seconds(pid: int) -> float:
    """User and system time of `pid` and of all that descend from it and still run."""
    ticks, parents = {}, {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):  # ended meanwhile
            continue
        number = int(entry.parent.name)
        parents[number] = int(fields[_PARENT])
        ticks[number] = int(fields[_USER]) + int(fields[_SYSTEM])
    family = {number for number in ticks if _descends(number, pid, parents)}
    return sum(ticks[number] for number in family) / os.sysconf("SC_CLK_TCK")


def _descends(number: int, ancestor: int, parents: dict[int, int]) -> bool:
    while number and number != ancestor:
        number = parents.get(number, 0)
    return number == ancestor
