"""Assembles a Vosk model directory from the acoustic model, the vocabulary and what people say."""

import logging
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recordings.training import fst, graph, kaldi, louds, ngrams, sentences
from recordings.training.acoustic import LAYERS, AcousticModel
from recordings.training.features import CEPSTRA, mfcc_configuration
from recordings.training.lexicon import all_units, pronunciations, toneless_units

logger = logging.getLogger(__name__)

UNKNOWN = "[unk]"
GRAMMAR_SEED = 21
# A smaller prior makes silence likelier: fewer words are heard in noise.
_SILENCE_PRIOR_SCALE = 0.1


@dataclass(frozen=True)
class GraphPlan:
    """How large the language model is and where it comes from.

    words: the vocabulary; made: how many sentences are made from each of the two grammars; weights: what one
    of their words counts beside a review's, and a newspaper's; backbone: the share of jieba's frequencies in
    single words; pairs, triples: what knowing one must gain (see `ngrams.estimate`).
    """

    words: int = 70_000
    made: int = 60_000
    complaint_weight: float = 0.3
    told_weight: float = 0.5
    newspaper_weight: float = 0.7
    backbone: float = 0.3
    pairs: float = 2.2
    triples: float = 12.0


# How often a word of a city's matters counts at least, in jieba's frequencies (of 60 million words).
_CITY_WORD_FREQUENCY = 60.0
# What a word read once in reviews and newspaper counts beside that, and in made sentences (up to five times).
_READ_ONCE = 12.0
_MADE_ONCE = 8.0
_RARE_NAME = 0.05


_MODEL_CONFIGURATION = {
    "min-active": 200,
    "max-active": 5000,
    "beam": 13.0,
    "lattice-beam": 5.0,
    "acoustic-scale": 0.5,
    "frame-subsampling-factor": 3,
    "endpoint.silence-phones": 1,
    "endpoint.rule2.min-trailing-silence": 0.5,
    "endpoint.rule3.min-trailing-silence": 1.0,
    "endpoint.rule4.min-trailing-silence": 2.0,
}


def write_model(acoustic: AcousticModel, directory: Path, plan: GraphPlan) -> None:
    """Write everything that Vosk loads into `directory`, which is emptied first."""
    _write_acoustics(acoustic, _emptied(directory))
    write_graph(directory / "graph", plan)


def write_with_acoustics_of(model: Path, directory: Path, plan: GraphPlan) -> None:
    """A new graph in `directory` (emptied first), with the network of a model that was made before."""
    _emptied(directory)
    shutil.copy(model / "am" / "final.mdl", directory / "am" / "final.mdl")
    _write_settings(directory)
    write_graph(directory / "graph", plan)


def _emptied(directory: Path) -> Path:
    if directory.exists():
        shutil.rmtree(directory)
    for part in ("am", "conf", "graph/phones"):
        (directory / part).mkdir(parents=True)
    return directory


def _write_acoustics(acoustic: AcousticModel, directory: Path) -> None:
    phones = graph.Phones(all_units())
    numbers = {unit: number for number, unit in enumerate(all_units())}
    transitions = kaldi.transition_model([numbers[phone.unit] for phone in phones.all])
    priors = acoustic.priors.copy()
    priors[0] *= _SILENCE_PRIOR_SCALE
    network = kaldi.acoustic_network(CEPSTRA, _folded_layers(acoustic), priors)
    kaldi.write_model(directory / "am" / "final.mdl", transitions, network)
    _write_settings(directory)


def _write_settings(directory: Path) -> None:
    (directory / "conf" / "mfcc.conf").write_text(mfcc_configuration())
    options = "".join(f"--{name}={value}\n" for name, value in _MODEL_CONFIGURATION.items())
    (directory / "conf" / "model.conf").write_text(options)


def _folded_layers(acoustic: AcousticModel) -> list[kaldi.Affine]:
    """The layers as Kaldi knows them: every normalisation becomes part of the weights after it."""
    weights = {
        name: tensor.numpy().astype(np.float64) for name, tensor in acoustic.network.state_dict().items()
    }
    scale, shift = 1 / acoustic.deviation, -acoustic.mean / acoustic.deviation
    folded = []
    rate = 1
    names = [f"convolutions.{number}" for number in range(len(LAYERS))] + ["output"]
    for number, name in enumerate(names):
        kernel = weights[f"{name}.weight"]
        bias = weights[f"{name}.bias"] + np.einsum("oik,i->o", kernel, shift)
        kernel = kernel * scale[None, :, None]
        width = kernel.shape[2]
        dilation = LAYERS[number].dilation if number < len(LAYERS) else 1
        offsets = tuple((tap - (width - 1) // 2) * dilation * rate for tap in range(width))
        if number < len(LAYERS):
            for place, frames in enumerate(LAYERS[number].lookback):
                back = weights[f"lookbacks.{number}.{place}.weight"]
                bias = bias + np.einsum("oik,i->o", back, shift)
                kernel = np.concatenate([kernel, back * scale[None, :, None]], axis=2)
                offsets += (-frames * rate,)
        flat = np.concatenate([kernel[:, :, tap] for tap in range(kernel.shape[2])], axis=1)
        folded.append(kaldi.Affine(flat, bias, offsets, rectified=number < len(LAYERS)))
        if number < len(LAYERS):
            rate *= LAYERS[number].stride
            gain, offset, mean, variance = (
                weights[f"norms.{number}.{part}"]
                for part in ("weight", "bias", "running_mean", "running_var")
            )
            scale = gain / np.sqrt(variance + 1e-5)
            shift = offset - mean * scale
    return folded


def write_graph(directory: Path, plan: GraphPlan) -> None:
    """Write the files of `graph/`; the folder must be there."""
    phones = graph.Phones(all_units())
    vocabulary = _vocabulary(plan)
    model = ngrams.estimate(_counted(plan, vocabulary), vocabulary, plan.backbone, (plan.pairs, plan.triples))
    word_numbers = {word: number for number, word in enumerate([*vocabulary, UNKNOWN], start=1)}
    loop = graph.WordLoop(phones)
    loop.add_words(
        [
            graph.Spelling(word_numbers[word], phones.of_word(units), cost)
            for word in vocabulary
            for units, cost in pronunciations(word).items()
        ]
    )
    loop.add_unknown(word_numbers[UNKNOWN], toneless_units())
    fst.write_fst(directory / "HCLr.fst", loop.states, 0, sorted_by="output")
    louds.write_ngrams(directory / "Gr.fst", model, word_numbers)
    (directory / "words.txt").write_text(graph.words_table(word_numbers), "utf-8")
    (directory / "phones.txt").write_text(phones.table())
    (directory / "phones").mkdir(exist_ok=True)
    (directory / "phones" / "word_boundary.int").write_text(phones.boundaries())
    # No transition is a disambiguation symbol here; Vosk wants the list all the same.
    (directory / "disambig_tid.int").write_text(f"{2 * len(phones.all) + 1}\n")
    sizes = [sum(len(w) for h, w in model.probabilities.items() if len(h) == length) for length in range(3)]
    logger.info("%d words, %d pairs, %d triples; %d graph states", *sizes, len(loop.states))


def _vocabulary(plan: GraphPlan) -> dict[str, float]:
    """The most frequent words that can be pronounced, with jieba's frequencies."""
    jieba, names, city = sentences.word_frequencies(), sentences.personal_names(), sentences.city_words()
    read = Counter(word for text in _texts() for word in sentences.words_of(text))
    made = Counter(word for text in _made(plan) for word in sentences.words_of(text))

    def frequency(word: str) -> float:
        counted = jieba[word] + _READ_ONCE * read[word] + _MADE_ONCE * min(made[word], 5)
        return counted * (_RARE_NAME if word in names else 1)

    ranked = sorted(jieba | read | made, key=lambda word: (-frequency(word), word))
    chosen: dict[str, float] = {word: max(float(jieba[word]), _CITY_WORD_FREQUENCY) for word in city}
    for word in ranked:
        if len(chosen) == plan.words:
            break
        if word not in chosen and pronunciations(word):
            chosen[word] = max(float(jieba[word]), 1.0)
    return chosen


def _counted(plan: GraphPlan, vocabulary: Mapping[str, float]) -> ngrams.Counts:
    cutter = sentences.Cutter(vocabulary)
    counts = ngrams.no_counts()
    for texts, weight in (
        (sentences.complaints(plan.made, GRAMMAR_SEED), plan.complaint_weight),
        (sentences.told(plan.made, GRAMMAR_SEED + 1), plan.told_weight),
        (sentences.training_reviews(), 1.0),
        (sentences.newspaper(), plan.newspaper_weight),
    ):
        ngrams.count((cutter.words(text) for text in texts), weight, counts)
    return counts


def _texts() -> list[str]:
    return sentences.training_reviews() + sentences.newspaper()


def _made(plan: GraphPlan) -> list[str]:
    made = sentences.complaints(plan.made, GRAMMAR_SEED) + sentences.told(plan.made, GRAMMAR_SEED + 1)
    return [phrase for sentence in made for phrase in re.split("[ ，]", sentence)]
