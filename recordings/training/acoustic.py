"""The acoustic model: a time-delay network from cepstra to units, one output for every three frames."""

import logging
import math
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recordings.training import kaldi
from recordings.training.examples import Examples, batches
from recordings.training.features import CEPSTRA, FRAMES_PER_OUTPUT
from recordings.training.lexicon import all_units

logger = logging.getLogger(__name__)

SEED = 0
_BATCH = 16
_PEAK_LEARNING_RATE = 2e-3
_RETRAINING_PEAK = 8e-4
_WARM_UP_STEPS = 200
_VALIDATION = 100
_IGNORED = -100


class Layer(NamedTuple):
    """A convolution over time. stride and dilation count in the layer's own input frames, and so does what
    it looks back to beside them (only where the stride is 1)."""

    width: int
    kernel: int
    stride: int = 1
    dilation: int = 1
    lookback: tuple[int, ...] = ()

    @property
    def half(self) -> int:
        """How far the kernel looks to either side."""
        return (self.kernel - 1) // 2 * self.dilation

    @property
    def left(self) -> int:
        """How far the layer looks to the left."""
        return max(self.half, *self.lookback, 0)


# Two layers look back over a second, to hear how loud the speaker is: softer talk is the background.
# Looking ahead would let words wait while people talk.
LAYERS = (
    Layer(192, 5),
    Layer(256, 3, stride=3),
    Layer(256, 3),
    Layer(256, 3),
    Layer(256, 3, dilation=2, lookback=(6,)),
    Layer(256, 3, lookback=(12, 24)),
)


def reach() -> tuple[int, int]:
    """How many 10 ms frames the network looks to the left and to the right."""
    left = right = 0
    rate = 1
    for layer in LAYERS:
        left += layer.left * rate
        right += layer.half * rate
        rate *= layer.stride
    return left, right


class Network(nn.Module):
    """Convolution, rectifier and normalisation for every layer, then the units' scores."""

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList()
        self.lookbacks = nn.ModuleList()
        self.norms = nn.ModuleList()
        width = CEPSTRA
        for layer in LAYERS:
            convolution = nn.Conv1d(
                width, layer.width, layer.kernel, stride=layer.stride, dilation=layer.dilation
            )
            self.convolutions.append(convolution)
            back = [nn.Conv1d(width, layer.width, 1, bias=False) for _ in layer.lookback]
            self.lookbacks.append(nn.ModuleList(back))
            self.norms.append(nn.BatchNorm1d(layer.width))
            width = layer.width
        self.output = nn.Conv1d(width, outputs, 1)

    def forward(self, features: Tensor) -> Tensor:
        """Batch x cepstra x frames (and `reach` more) -> batch x units x frames / 3."""
        parts = zip(LAYERS, self.convolutions, self.lookbacks, self.norms, strict=True)
        for layer, convolution, lookbacks, norm in parts:
            summed = convolution(features[:, :, layer.left - layer.half :])
            for back, frames in zip(lookbacks, layer.lookback, strict=True):
                first = layer.left - frames
                summed = summed + back(features[:, :, first : first + summed.shape[2]])
            features = norm(torch.relu(summed))
        scores: Tensor = self.output(features)
        return scores


@dataclass(frozen=True)
class AcousticModel:
    """A trained network. mean, deviation: of each cepstrum over the training set; priors: of each unit."""

    network: Network
    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    priors: NDArray[np.float64]

    def save(self, path: Path) -> None:
        """Write the weights and statistics."""
        statistics = {
            "mean": self.mean.tolist(),
            "deviation": self.deviation.tolist(),
            "priors": self.priors.tolist(),
        }
        torch.save({"weights": self.network.state_dict(), **statistics}, path)

    @classmethod
    def load(cls, path: Path) -> "AcousticModel":
        """Read what `save` wrote."""
        stored = torch.load(path, weights_only=True)
        network = Network(len(all_units()))
        network.load_state_dict(stored["weights"])
        network.eval()
        return cls(network, *(np.array(stored[name]) for name in ("mean", "deviation", "priors")))


class _Trainer:
    def __init__(self, examples: Examples, epochs: int, begin_with: Path | None) -> None:
        self._examples = examples
        self._lengths = np.array([len(targets) for targets in examples.targets])
        order = np.random.default_rng(SEED).permutation(len(examples.features))
        held_back = min(_VALIDATION, len(order) // 10)
        self._validation, self._training = order[:held_back], order[held_back:]
        sample = np.concatenate([examples.features[i].astype(np.float64) for i in self._training[:1000]])
        self.mean, self.deviation = sample.mean(0), sample.std(0) + 1e-3
        self.network = Network(len(all_units()))
        if begin_with:
            self._take_over(begin_with)
        peak = _RETRAINING_PEAK if begin_with else _PEAK_LEARNING_RATE
        self._optimiser = torch.optim.Adam(self.network.parameters(), peak, weight_decay=1e-6)
        steps = math.ceil(len(self._training) / _BATCH) * epochs
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimiser, lambda step: _learning_rate(step, steps)
        )

    def _take_over(self, model: Path) -> None:
        """Begin with the network of a model; what it does not look back to counts nothing at first.

        Its normalisations are part of its weights; ours begin by undoing what they will do.
        """
        learnt = kaldi.read_weights(model / "am" / "final.mdl")
        layers = [*self.network.convolutions, self.network.output]
        lookbacks = [*self.network.lookbacks, nn.ModuleList()]
        with torch.no_grad():
            for (flat, bias), layer, backs in zip(learnt, layers, lookbacks, strict=True):
                taps = np.split(flat, flat.shape[1] // layer.in_channels, axis=1)
                width = layer.kernel_size[0]
                kernel = np.stack(taps[:width], axis=2)
                if layer is layers[0]:
                    bias = bias + np.einsum("oik,i->o", kernel, self.mean)
                    kernel = kernel * self.deviation[None, :, None]
                layer.weight.copy_(torch.from_numpy(kernel))
                layer.bias.copy_(torch.from_numpy(bias))
                for place, back in enumerate(backs, start=width):
                    known = taps[place] if place < len(taps) else np.zeros_like(taps[0])
                    back.weight.copy_(torch.from_numpy(known[:, :, None]))
            self._undo_normalisation()

    def _undo_normalisation(self) -> None:
        chosen = next(batches(self._training, self._lengths, 20 * _BATCH, Random(SEED)))
        features, _ = self._batch(chosen, masked=False)
        self.network.train()
        for norm in self.network.norms:
            # Nothing but the layers before decides what this one is given, and those are done.
            norm.momentum = 1.0
            self.network(features)
            norm.weight.copy_(torch.sqrt(norm.running_var + norm.eps))
            norm.bias.copy_(norm.running_mean)
            norm.momentum = 0.1

    def result(self) -> AcousticModel:
        return AcousticModel(self.network, self.mean, self.deviation, self._priors())

    def _priors(self) -> NDArray[np.float64]:
        everything = np.concatenate([self._examples.targets[i] for i in self._training])
        counted = np.maximum(np.bincount(everything, minlength=len(all_units())), 5).astype(np.float64)
        return np.asarray(counted / counted.sum())

    def epoch(self, number: int) -> float:
        """Learn from everything once; the mean loss."""
        self.network.train()
        losses = []
        for chosen in batches(self._training, self._lengths, _BATCH, Random(SEED + number)):
            features, targets = self._batch(chosen, masked=True)
            scores = self.network(features)
            loss = nn.functional.cross_entropy(scores, targets, ignore_index=_IGNORED, label_smoothing=0.02)
            self._optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.network.parameters(), 5)
            self._optimiser.step()
            self._schedule.step()
            losses.append(float(loss.detach()))
        return float(np.mean(losses))

    def accuracy(self) -> float:
        """The share of frames whose unit is right, on utterances held back."""
        self.network.eval()
        right = total = 0
        with torch.no_grad():
            for chosen in batches(self._validation, self._lengths, _BATCH, Random(SEED)):
                features, targets = self._batch(chosen, masked=False)
                known = targets != _IGNORED
                right += int((self.network(features).argmax(1)[known] == targets[known]).sum())
                total += int(known.sum())
        return right / total

    def _batch(self, chosen: list[int], *, masked: bool) -> tuple[Tensor, Tensor]:
        outputs = int(self._lengths[chosen].max())
        left, right = reach()
        frames = FRAMES_PER_OUTPUT * (outputs - 1) + 1 + left + right
        features = np.zeros((len(chosen), CEPSTRA, frames), np.float32)
        targets = np.full((len(chosen), outputs), _IGNORED, np.int64)
        for row, number in enumerate(chosen):
            utterance = (self._examples.features[number].astype(np.float32) - self.mean) / self.deviation
            padding = ((left, max(0, frames - left - len(utterance))), (0, 0))
            features[row] = np.pad(utterance, padding, mode="edge")[:frames].T
            targets[row, : self._lengths[number]] = self._examples.targets[number]
        batch = torch.from_numpy(features)
        if masked:
            _mask_moments(batch)
        return batch, torch.from_numpy(targets)


def _mask_moments(batch: Tensor) -> None:
    """Blank a moment of some utterances, so that units are also told by their neighbours."""
    for utterance in batch:
        if torch.rand(1) < 0.3:
            start = int(torch.randint(0, utterance.shape[1] - 12, (1,)))
            utterance[:, start : start + int(torch.randint(2, 10, (1,)))] = 0


def _learning_rate(step: int, steps: int) -> float:
    warm = min(1.0, (step + 1) / _WARM_UP_STEPS)
    return warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps))))


def train(examples: Examples, epochs: int, snapshot: Path, begin_with: Path | None = None) -> AcousticModel:
    """Train on one core, from the fixed seed or from the network of a model that was made before.

    What is learnt is kept in `snapshot` after every epoch.
    """
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    trainer = _Trainer(examples, epochs, begin_with)
    begun = time.monotonic()
    for number in range(epochs):
        loss = trainer.epoch(number)
        logger.info(
            "epoch %d of %d: loss %.4f, %.2f %% of held-back frames right, %.0f s",
            number + 1, epochs, loss, 100 * trainer.accuracy(), time.monotonic() - begun,
        )  # fmt: skip
        trainer.result().save(snapshot)
    trainer.network.eval()
    return trainer.result()
