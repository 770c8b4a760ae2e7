"""A file becomes a table of cells: CSV here, XLSX by `hotline.imports.worker` in a process of its own."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from io import StringIO
from itertools import islice

import structlog

from hotline.evidence.faults import Fault, FileRefused
from hotline.evidence.kinds import told_name
from hotline.imports.rules import LARGEST_FILE, MOST_ROWS, Cell, Row, SheetRefused, Wrong, rows_of
from hotline.imports.worker import MOST_LINES, MOST_SECONDS, REFUSED

PATIENCE_S = 3 * MOST_SECONDS  # on a busy machine; the processor's seconds are counted by the worker
_PASSED_ON = ("PATH", "PYTHONPATH", "LANG", "LD_LIBRARY_PATH")
_ENCODINGS = ("utf-8-sig", "gb18030")  # with or without its mark; what Excel writes in China

log = structlog.get_logger()


def read(name: str, content: bytes) -> list[Row]:
    """The matters of a file. Raises `SheetRefused`, or `FileRefused` for what is no CSV or XLSX."""
    return rows_of(table_of(name, content))


def table_of(name: str, content: bytes) -> list[list[Cell]]:
    """The cells of a file, whatever it is a sheet of. Raises as `read`."""
    told = told_name(name)
    if not content:
        raise FileRefused(told, Fault.EMPTY)
    if len(content) > LARGEST_FILE:
        raise FileRefused(told, Fault.TOO_LARGE)
    ending = told.lower().rpartition(".")[2]
    if ending == "csv":
        return _csv(content)
    if ending == "xlsx":
        return _xlsx(told, content)
    raise FileRefused(told, Fault.UNKNOWN_KIND)


def _csv(content: bytes) -> list[list[Cell]]:
    lines = csv.reader(StringIO(_decoded(content), newline=""), strict=True)
    try:
        return [[Cell(text) for text in line] for line in islice(lines, MOST_LINES)]
    except csv.Error:
        raise SheetRefused(Wrong.QUOTES) from None


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise SheetRefused(Wrong.NOT_TEXT)


def _xlsx(told: str, content: bytes) -> list[list[Cell]]:
    command = [sys.executable, "-m", "hotline.imports.worker"]
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 (our own module)
            command, input=content, capture_output=True, env=passed_on, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise FileRefused(told, Fault.TOO_COMPLEX) from None
    if done.returncode == 0:
        return _table(json.loads(done.stdout))
    if done.returncode == REFUSED:
        raise _refusal(told, done.stdout.decode())
    log.warning("a sheet broke its reader", status=done.returncode)
    raise FileRefused(told, Fault.DAMAGED)


def _table(read: Sequence[Sequence[Sequence[str]]]) -> list[list[Cell]]:
    return [[Cell(text, mark) for text, mark in line] for line in read]


def _refusal(told: str, said: str) -> Exception:
    if said in set(Wrong):
        return SheetRefused(Wrong(said))
    return FileRefused(told, Fault(said))


assert MOST_LINES > MOST_ROWS + 1  # noqa: S101 (or no file could be told that it has too many)
