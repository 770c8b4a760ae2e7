"""OpenFst's n-gram format for a language model: half the size of a general transducer.

The histories form a tree in which a history's parent is the history without its oldest word. The tree's
shape is kept in bits (level by level, a 1 for every child and a 0 after each node's last one), its labels,
weights and the words that follow in arrays. The layout is that of OpenFst's extension of the same name; see
"Unary Data Structures for Language Models" (Sorensen and Allauzen, Interspeech 2011).
"""

import math
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recordings.training import fst
from recordings.training.ngrams import END, START, History, Ngrams

_KIND = "ngram"
_VERSION = 4
# Expanded, acceptor, deterministic, with empty labels, sorted, weighted: what every such model is.
_PROPERTIES = 0x1 | 0x10000 | 0x40000 | 0x100000 | 0x10000000 | 0x40000000
_COUNTS = struct.Struct("<QQQ")
_NO_LABEL = -1
_START_LABEL = 0
_START_STATE = 1


class _Node(NamedTuple):
    """A history, the children that extend it backwards, and what may follow it, all sorted by label."""

    history: History
    children: list[tuple[int, History]]
    following: list[tuple[int, float]]


def write_ngrams(path: Path, model: Ngrams, word_numbers: Mapping[str, int]) -> None:
    """The model as Vosk's Gr.fst."""
    nodes = _level_by_level(model, word_numbers)
    labels, back_off, final, final_costs = [_NO_LABEL], [math.inf], [], []
    for node in nodes:
        labels += [label for label, _ in node.children]
        back_off += [-math.log(model.back_off[child]) for _, child in node.children]
        ending = model.probabilities[node.history].get(END)
        final.append(ending is not None)
        if ending is not None:
            final_costs.append(-math.log(ending))
    words = [label for node in nodes for label, _ in node.following]
    costs = [cost for node in nodes for _, cost in node.following]
    parts: list[NDArray[Any]] = [
        _bits([True, False, *_unary(len(node.children) for node in nodes)]),
        _bits([False, *_unary(len(node.following) for node in nodes)]),
        _bits(final),
        np.array([*labels, 0], "<i4"),
        np.array(words, "<i4"),
        np.array([*back_off, 0], "<f4"),
        np.array(final_costs, "<f4"),
        np.array([*costs, 0], "<f4"),
    ]
    head = fst.header(_KIND, _VERSION, _PROPERTIES, _START_STATE, len(nodes), 0)
    counts = _COUNTS.pack(len(nodes), len(words), len(final_costs))
    path.write_bytes(head + counts + b"".join(part.tobytes() for part in parts))


def _level_by_level(model: Ngrams, word_numbers: Mapping[str, int]) -> list[_Node]:
    numbers = {START: _START_LABEL, **word_numbers}
    children: dict[History, list[tuple[int, History]]] = {history: [] for history in model.probabilities}
    for history in model.probabilities:
        if history:
            children[history[1:]].append((numbers[history[0]], history))
    nodes: list[_Node] = []
    level: list[History] = [()]
    while level:
        for history in level:
            following = [
                (word_numbers[word], -math.log(probability))
                for word, probability in model.probabilities[history].items()
                if word != END
            ]
            nodes.append(_Node(history, sorted(children[history]), sorted(following)))
        level = [child for history in level for _, child in sorted(children[history])]
    return nodes


def _unary(counts: Iterable[int]) -> list[bool]:
    bits: list[bool] = []
    for count in counts:
        bits += [True] * count + [False]
    return bits


def _bits(bits: list[bool]) -> NDArray[np.uint8]:
    """Packed from the lowest bit up into whole words of 64 bits."""
    packed = np.packbits(np.array(bits, np.uint8), bitorder="little")
    return np.pad(packed, (0, -len(packed) % 8))


def read_ngrams(path: Path, words: Mapping[int, str]) -> Ngrams:
    """What `write_ngrams` wrote, with the words of these numbers. Raises `NotThisKindOfFst`."""
    content = path.read_bytes()
    head = fst.read_header(content, _KIND)
    try:
        return _parse(content, head.size, {_START_LABEL: START, **words})
    except (struct.error, ValueError, KeyError, IndexError):
        raise fst.NotThisKindOfFst("an n-gram model whose parts do not fit together") from None


def _histories(tree: list[int], labels: list[str]) -> list[History]:
    histories: list[History] = [()]
    parent = 0
    for is_child in tree:
        if is_child:
            histories.append((labels[len(histories) - 1], *histories[parent]))
        else:
            parent += 1
    return histories


def _parse(content: bytes, place: int, words: Mapping[int, str]) -> Ngrams:
    states, futures, finals = _COUNTS.unpack_from(content, place)
    place += _COUNTS.size

    def take(kind: str, count: int) -> NDArray[Any]:
        nonlocal place
        taken = np.frombuffer(content, kind, count, place)
        place += taken.nbytes
        return taken

    def take_bits(count: int) -> NDArray[np.uint8]:
        return np.unpackbits(take("u1", -(-count // 64) * 8), bitorder="little")[:count]

    tree, future_bits, final = take_bits(2 * states + 1), take_bits(futures + states + 1), take_bits(states)
    labels, following = take("<i4", states + 1)[1:states], take("<i4", futures)
    back_off, final_costs = take("<f4", states + 1)[1:states], take("<f4", finals)
    costs = take("<f4", futures + 1)
    histories = _histories(tree[2:].tolist(), [words[label] for label in labels.tolist()])
    model = Ngrams({}, dict(zip(histories[1:], np.exp(-back_off.astype(float)).tolist(), strict=True)))
    ends = np.flatnonzero(future_bits == 0)
    endings = iter(np.exp(-final_costs.astype(float)).tolist())
    chances = np.exp(-costs.astype(float))
    taken = 0
    for number, history in enumerate(histories):
        count = int(ends[number + 1] - ends[number]) - 1
        here = slice(taken, taken + count)
        known = zip((words[n] for n in following[here].tolist()), chances[here].tolist(), strict=True)
        model.probabilities[history] = dict(known) | ({END: next(endings)} if final[number] else {})
        taken += count
    return model
