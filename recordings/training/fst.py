"""OpenFst's binary format of transducers: written, and read again where this project wrote it."""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

_MAGIC = 2125659606
_VECTOR_VERSION = 2
_EXPANDED_AND_MUTABLE = 0x3
_SORTED_BY_INPUT = 0x10000000
_SORTED_BY_OUTPUT = 0x40000000
_NUMBERS = struct.Struct("<iiQqqq")
_STATE = struct.Struct("<fq")
_ARC = struct.Struct("<iifi")


class NotThisKindOfFst(Exception):
    """The file is no transducer of the kind that was expected; the text says what it is instead."""


class Arc(NamedTuple):
    """Labels 0 are empty; cost is a negative log probability; target is a state number."""

    input: int
    output: int
    cost: float
    target: int


@dataclass
class State:
    """final: the cost of ending here, None where nothing may end."""

    final: float | None = None
    arcs: list[Arc] = field(default_factory=list)


class Header(NamedTuple):
    """What stands before every transducer. `size` counts its own bytes."""

    kind: str
    start: int
    states: int
    size: int


def header(kind: str, version: int, properties: int, start: int, states: int, arcs: int) -> bytes:
    """The bytes before a transducer of that kind (vector, ngram)."""
    numbers = _NUMBERS.pack(version, 0, properties, start, states, arcs)
    return struct.pack("<i", _MAGIC) + _text(kind) + _text("standard") + numbers


def read_header(content: bytes, wanted: str) -> Header:
    """What `header` wrote. Raises `NotThisKindOfFst` unless the kind is the one wanted."""
    try:
        (magic,) = struct.unpack_from("<i", content)
        kind, place = _read_text(content, 4)
        arcs, place = _read_text(content, place)
        _, flags, _, start, states, _ = _NUMBERS.unpack_from(content, place)
    except (struct.error, UnicodeDecodeError):
        raise NotThisKindOfFst("not a transducer of OpenFst") from None
    if magic != _MAGIC:
        raise NotThisKindOfFst("not a transducer of OpenFst")
    if (kind, arcs, flags) != (wanted, "standard", 0):
        raise NotThisKindOfFst(f"a transducer of the kind {kind!r}, not {wanted!r}")
    return Header(kind, start, states, place + _NUMBERS.size)


def write_fst(path: Path, states: Sequence[State], start: int, *, sorted_by: str) -> None:
    """An OpenFst vector transducer, its arcs sorted by "input" or "output" label."""
    by_input = sorted_by == "input"
    body = bytearray()
    for state in states:
        arcs = sorted(state.arcs) if by_input else sorted(state.arcs, key=lambda arc: (arc.output, arc.input))
        body += _STATE.pack(math.inf if state.final is None else state.final, len(arcs))
        for arc in arcs:
            body += _ARC.pack(*arc)
    properties = _EXPANDED_AND_MUTABLE | (_SORTED_BY_INPUT if by_input else _SORTED_BY_OUTPUT)
    count = sum(len(state.arcs) for state in states)
    path.write_bytes(header("vector", _VECTOR_VERSION, properties, start, len(states), count) + body)


def read_fst(path: Path) -> tuple[list[State], int]:
    """The states and the start of a vector transducer. Raises `NotThisKindOfFst`."""
    content = path.read_bytes()
    head = read_header(content, "vector")
    states = []
    place = head.size
    try:
        for _ in range(head.states):
            final, count = _STATE.unpack_from(content, place)
            end = place + _STATE.size + count * _ARC.size
            arcs = [Arc(*arc) for arc in _ARC.iter_unpack(content[place + _STATE.size : end])]
            states.append(State(None if math.isinf(final) else final, arcs))
            place = end
    except struct.error:
        raise NotThisKindOfFst("a transducer that ends too early") from None
    return states, head.start


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<i", len(encoded)) + encoded


def _read_text(content: bytes, place: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<i", content, place)
    end = place + 4 + length
    return content[place + 4 : end].decode("ascii"), end
