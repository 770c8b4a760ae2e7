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

from recordings.training.examples import Examples, batches
from recordings.training.features import CEPSTRA, FRAMES_PER_OUTPUT
from recordings.training.lexicon import all_units

logger = logging.getLogger(__name__)

SEED = 0
_BATCH = 16
_PEAK_LEARNING_RATE = 2e-3
_WARM_UP_STEPS = 200
_VALIDATION = 100
_IGNORED = -100


class Layer(NamedTuple):
    """A convolution over time. stride and dilation count in the layer's own input frames."""

    width: int
    kernel: int
    stride: int = 1
    dilation: int = 1


LAYERS = (
    Layer(192, 5),
    Layer(256, 3, stride=3),
    Layer(256, 3),
    Layer(256, 3),
    Layer(256, 3, dilation=2),
    Layer(256, 3),
)


def reach() -> int:
    """How many 10 ms frames the network looks to either side."""
    total, rate = 0, 1
    for layer in LAYERS:
        total += (layer.kernel - 1) // 2 * layer.dilation * rate
        rate *= layer.stride
    return total


class Network(nn.Module):
    """Convolution, rectifier and normalisation for every layer, then the units' scores."""

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList()
        self.norms = nn.ModuleList()
        width = CEPSTRA
        for layer in LAYERS:
            convolution = nn.Conv1d(
                width, layer.width, layer.kernel, stride=layer.stride, dilation=layer.dilation
            )
            self.convolutions.append(convolution)
            self.norms.append(nn.BatchNorm1d(layer.width))
            width = layer.width
        self.output = nn.Conv1d(width, outputs, 1)

    def forward(self, features: Tensor) -> Tensor:
        """Batch x cepstra x frames (`reach` more on either side) -> batch x units x frames / 3."""
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            features = norm(torch.relu(convolution(features)))
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
    def __init__(self, examples: Examples, epochs: int) -> None:
        self._examples = examples
        self._lengths = np.array([len(targets) for targets in examples.targets])
        order = np.random.default_rng(SEED).permutation(len(examples.features))
        held_back = min(_VALIDATION, len(order) // 10)
        self._validation, self._training = order[:held_back], order[held_back:]
        sample = np.concatenate([examples.features[i].astype(np.float64) for i in self._training[:1000]])
        self.mean, self.deviation = sample.mean(0), sample.std(0) + 1e-3
        self.network = Network(len(all_units()))
        self._optimiser = torch.optim.Adam(self.network.parameters(), _PEAK_LEARNING_RATE, weight_decay=1e-6)
        steps = math.ceil(len(self._training) / _BATCH) * epochs
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimiser, lambda step: _learning_rate(step, steps)
        )

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
        margin = reach()
        frames = FRAMES_PER_OUTPUT * (outputs - 1) + 1 + 2 * margin
        features = np.zeros((len(chosen), CEPSTRA, frames), np.float32)
        targets = np.full((len(chosen), outputs), _IGNORED, np.int64)
        for row, number in enumerate(chosen):
            utterance = (self._examples.features[number].astype(np.float32) - self.mean) / self.deviation
            padding = ((margin, max(0, frames - margin - len(utterance))), (0, 0))
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


def train(examples: Examples, epochs: int, snapshot: Path) -> AcousticModel:
    """Train on one core, from the fixed seed. What is learnt is kept in `snapshot` after every epoch."""
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    trainer = _Trainer(examples, epochs)
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
