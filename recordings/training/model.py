"""Assembles a Vosk model directory from the acoustic model, the vocabulary and what people say."""

import logging
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recordings.training import graph, kaldi, ngrams, sentences
from recordings.training.acoustic import LAYERS, AcousticModel
from recordings.training.features import CEPSTRA, mfcc_configuration
from recordings.training.lexicon import all_units, pronunciations

logger = logging.getLogger(__name__)

UNKNOWN = "[unk]"
GRAMMAR_SEED = 21
# A smaller prior makes silence likelier: fewer words are heard in noise.
_SILENCE_PRIOR_SCALE = 0.1


@dataclass(frozen=True)
class GraphPlan:
    """How large the language model is and where it comes from.

    words: the vocabulary; complaints: how many are made from the grammar; complaint_weight: what one of
    their words counts beside a review's; backbone: the share of jieba's frequencies in single words; pairs,
    triples: what knowing one must gain (see `ngrams.estimate`).
    """

    words: int = 70_000
    complaints: int = 60_000
    complaint_weight: float = 0.3
    backbone: float = 0.4
    pairs: float = 2.2
    triples: float = 30.0


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
    if directory.exists():
        shutil.rmtree(directory)
    for part in ("am", "conf", "graph/phones"):
        (directory / part).mkdir(parents=True)
    phones = graph.Phones(all_units())
    _write_acoustics(acoustic, directory, phones)
    _write_graph(directory / "graph", phones, plan)


def _write_acoustics(acoustic: AcousticModel, directory: Path, phones: graph.Phones) -> None:
    numbers = {unit: number for number, unit in enumerate(all_units())}
    transitions = kaldi.transition_model([numbers[phone.unit] for phone in phones.all])
    priors = acoustic.priors.copy()
    priors[0] *= _SILENCE_PRIOR_SCALE
    network = kaldi.acoustic_network(CEPSTRA, _folded_layers(acoustic), priors)
    kaldi.write_model(directory / "am" / "final.mdl", transitions, network)
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
        flat = np.concatenate([kernel[:, :, tap] for tap in range(width)], axis=1)
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


def _write_graph(directory: Path, phones: graph.Phones, plan: GraphPlan) -> None:
    counts = _counted(plan)
    vocabulary = _vocabulary(counts[0][()], plan.words)
    model = ngrams.estimate(counts, vocabulary, plan.backbone, (plan.pairs, plan.triples))
    word_numbers = {word: number for number, word in enumerate([*vocabulary, UNKNOWN], start=1)}
    loop = graph.WordLoop(phones)
    loop.add_words(
        [
            graph.Spelling(word_numbers[word], phones.of_word(units), cost)
            for word in vocabulary
            for units, cost in pronunciations(word).items()
        ]
    )
    loop.add_unknown(word_numbers[UNKNOWN], all_units()[1:])
    kaldi.write_fst(directory / "HCLr.fst", loop.states, 0, sorted_by="output")
    states, start = ngrams.acceptor(model, word_numbers)
    kaldi.write_fst(directory / "Gr.fst", states, start, sorted_by="input")
    (directory / "words.txt").write_text(graph.words_table(word_numbers), "utf-8")
    (directory / "phones.txt").write_text(phones.table())
    (directory / "phones" / "word_boundary.int").write_text(phones.boundaries())
    # No transition is a disambiguation symbol here; Vosk wants the list all the same.
    (directory / "disambig_tid.int").write_text(f"{2 * len(phones.all) + 1}\n")
    sizes = [sum(len(w) for h, w in model.probabilities.items() if len(h) == length) for length in range(3)]
    logger.info("%d words, %d pairs, %d triples; %d graph states", *sizes, len(loop.states))


def _counted(plan: GraphPlan) -> ngrams.Counts:
    counts = ngrams.no_counts()
    made = sentences.complaints(plan.complaints, GRAMMAR_SEED)
    ngrams.count((_words(sentence) for sentence in made), plan.complaint_weight, counts)
    ngrams.count((_words(clause) for clause in sentences.training_reviews()), 1.0, counts)
    return counts


def _words(sentence: str) -> list[str]:
    return [word for phrase in sentence.split() for word in sentences.words_of(phrase)]


def _vocabulary(counted: Counter[str], size: int) -> dict[str, float]:
    """The most frequent words that can be pronounced, with jieba's frequencies."""
    jieba = sentences.word_frequencies()
    total, said = jieba.total(), sum(counted.values())
    ranked = sorted(jieba | counted, key=lambda word: (-jieba[word] / total - counted[word] / said, word))
    chosen: dict[str, float] = {}
    for word in ranked:
        if len(chosen) == size:
            break
        if word != ngrams.END and pronunciations(word):
            chosen[word] = max(float(jieba[word]), 1.0)
    return chosen
