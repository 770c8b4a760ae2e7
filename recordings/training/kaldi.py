"""Kaldi's binary format of acoustic models, as far as a Vosk model needs it; what is written can be read.

The transition model has one state a phone: transition 1 stays in it, transition 2 leaves it. Phones count
from 1.
"""

import math
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

STAY = 0.5


def staying(phone: int) -> int:
    """The transition that stays in the phone."""
    return 2 * phone - 1


def entering(phone: int) -> int:
    """The transition that is taken once for the phone (Kaldi's reordered graphs enter by the leaving one)."""
    return 2 * phone


def _token(text: str) -> bytes:
    return text.encode() + b" "


def _integer(value: int) -> bytes:
    return b"\x04" + struct.pack("<i", value)


def _single(value: float) -> bytes:
    return b"\x04" + struct.pack("<f", value)


def _double(value: float) -> bytes:
    return b"\x08" + struct.pack("<d", value)


def _integers(values: Sequence[int]) -> bytes:
    return b"\x04" + struct.pack("<i", len(values)) + np.asarray(values, "<i4").tobytes()


def _vector(values: ArrayLike) -> bytes:
    packed = np.asarray(values, "<f4")
    return _token("FV") + _integer(len(packed)) + packed.tobytes()


def _matrix(values: NDArray[np.float64]) -> bytes:
    rows, columns = values.shape
    return _token("FM") + _integer(rows) + _integer(columns) + np.ascontiguousarray(values, "<f4").tobytes()


def transition_model(unit_of_phone: Sequence[int]) -> bytes:
    """Every phone with one emitting state, whose score is the network's output `unit_of_phone[phone - 1]`."""
    phones = list(range(1, len(unit_of_phone) + 1))
    topology = _integers(phones) + _integers([-1] + [0] * len(phones)) + _integer(1)
    emitting = _integer(0) + _integer(2) + _integer(0) + _single(STAY) + _integer(1) + _single(1 - STAY)
    final = _integer(-1) + _integer(0)
    triples = b"".join(_integer(p) + _integer(0) + _integer(unit_of_phone[p - 1]) for p in phones)
    log_probabilities = [0.0] + [math.log(STAY), math.log(1 - STAY)] * len(phones)
    return (
        _token("<TransitionModel>") + _token("<Topology>") + topology + _integer(2) + emitting + final
        + _token("</Topology>") + _token("<Triples>") + _integer(len(phones)) + triples
        + _token("</Triples>") + _token("<LogProbs>") + _vector(log_probabilities)
        + _token("</LogProbs>") + _token("</TransitionModel>")
    )  # fmt: skip


class Affine(NamedTuple):
    """outputs x (offsets * inputs) weights over frames at the offsets (in 10 ms); a rectifier or none."""

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    offsets: tuple[int, ...]
    rectified: bool


def acoustic_network(inputs: int, layers: Sequence[Affine], priors: ArrayLike) -> bytes:
    """An nnet3 model of affine layers, the last one followed by a log-softmax."""
    wiring = [f"input-node name=input dim={inputs}"]
    components = b""
    previous = "input"
    for number, layer in enumerate(layers):
        name = f"layer{number}"
        spliced = ", ".join(f"Offset({previous}, {o})" if o else previous for o in layer.offsets)
        source = f"Append({spliced})" if len(layer.offsets) > 1 else spliced
        wiring.append(f"component-node name={name}.affine component={name}.affine input={source}")
        previous = f"{name}.out"
        wiring.append(f"component-node name={previous} component={previous} input={name}.affine")
        kind = "RectifiedLinearComponent" if layer.rectified else "LogSoftmaxComponent"
        components += _token("<ComponentName>") + _token(f"{name}.affine") + _affine(layer)
        components += _token("<ComponentName>") + _token(previous) + _nonlinearity(kind, len(layer.bias))
    wiring.append(f"output-node name=output input={previous} objective=linear")
    left = sum(-min(layer.offsets) for layer in layers)
    right = sum(max(layer.offsets) for layer in layers)
    return (
        _token("<Nnet3>") + b"\n" + "\n".join(wiring).encode() + b"\n\n"
        + _token("<NumComponents>") + _integer(2 * len(layers)) + components + _token("</Nnet3>")
        + _token("<LeftContext>") + _integer(left) + _token("<RightContext>") + _integer(right)
        + _token("<Priors>") + _vector(priors)
    )  # fmt: skip


def _affine(layer: Affine) -> bytes:
    return (
        _token("<AffineComponent>") + _token("<LearningRate>") + _single(0.001)
        + _token("<LinearParams>") + _matrix(layer.weights)
        + _token("<BiasParams>") + _vector(layer.bias) + _token("</AffineComponent>")
    )  # fmt: skip


def _nonlinearity(kind: str, width: int) -> bytes:
    return (
        _token(f"<{kind}>") + _token("<Dim>") + _integer(width) + _token("<ValueAvg>") + _vector([])
        + _token("<DerivAvg>") + _vector([]) + _token("<Count>") + _double(0.0) + _token(f"</{kind}>")
    )  # fmt: skip


def read_weights(path: Path) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Weights and biases, layer by layer, of a network that `write_model` wrote."""
    content = path.read_bytes()
    layers = []
    place = content.find(_token("<LinearParams>"))
    while place >= 0:
        place += len(_token("<LinearParams>FM "))
        rows, columns = struct.unpack_from("<xixi", content, place)
        weights = np.frombuffer(content, "<f4", rows * columns, place + 10).reshape(rows, columns)
        place = content.index(_token("<BiasParams>"), place + 10 + weights.nbytes)
        bias = np.frombuffer(content, "<f4", rows, place + len(_token("<BiasParams>FV ")) + 5)
        layers.append((weights.astype(np.float64), bias.astype(np.float64)))
        place = content.find(_token("<LinearParams>"), place)
    return layers


def write_model(path: Path, transitions: bytes, network: bytes) -> None:
    """am/final.mdl"""
    path.write_bytes(b"\0B" + transitions + network)
