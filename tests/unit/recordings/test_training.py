"""The parts of the training that can be checked without training."""

import math
import struct
from pathlib import Path

import numpy as np
import pytest

from recordings.training import kaldi, louds, ngrams
from recordings.training.fst import Arc, NotThisKindOfFst, State, read_fst, write_fst
from recordings.training.graph import Phones, Spelling, WordLoop
from recordings.training.lexicon import all_units, pronunciations
from recordings.training.telephone import babble, band_limited, through_g711, with_noise
from recordings.training.units import parse, units_of


@pytest.mark.parametrize(
    ("pinyin", "units"),
    [
        ("xiao3", ("x", "iao-", "iao3")),
        ("yuan2", ("van-", "van2")),
        ("jue2", ("j", "ve-", "ve2")),
        ("liu4", ("l", "iou-", "iou4")),
        ("you3", ("iou-", "iou3")),
        ("shi4", ("sh", "ih-", "ih4")),
        ("si4", ("s", "iz-", "iz4")),
        ("wei2", ("uei-", "uei2")),
        ("er4", ("er-", "er4")),
        ("de5", ("d", "e-", "e5")),
    ],
)
def test_syllables_as_units(pinyin: str, units: tuple[str, ...]) -> None:
    assert parse(pinyin).units == units


@pytest.mark.parametrize("wrong", ["", "3", "xiao", "xiao6", "b1", "XIAO3"])
def test_what_is_no_syllable(wrong: str) -> None:
    with pytest.raises(ValueError, match="syllable"):
        parse(wrong)


def test_every_pronunciation_is_made_of_known_units() -> None:
    known = set(all_units())
    for word in ("路灯", "一个", "是不是", "旅客", "嗯", "二十", "还"):
        spoken = pronunciations(word)
        assert spoken
        assert all(set(units) <= known for units in spoken)


def test_a_word_that_ends_in_bu_has_both_its_tones() -> None:
    assert units_of(("yao4", "bu2")) in pronunciations("要不")
    assert units_of(("yao4", "bu4")) in pronunciations("要不")


@pytest.mark.parametrize("law", ["mu", "a"])
def test_g711_keeps_loudness_within_a_step_and_decodes_to_a_fixed_point(law: str) -> None:
    signal = np.linspace(-30_000, 30_000, 5001)
    heard = through_g711(signal, law)
    assert np.abs(heard - signal).max() <= 1024
    assert np.array_equal(through_g711(heard, law), heard)
    assert len(np.unique(heard)) <= 256


@pytest.mark.parametrize(
    ("law", "sample", "heard"), [("mu", 1000, 988), ("mu", 0, 0), ("a", 1000, 1008), ("a", -9000, -8960)]
)
def test_g711_gives_the_values_of_the_standard(law: str, sample: int, heard: int) -> None:
    assert through_g711(np.array([float(sample)]), law)[0] == heard


def test_a_telephone_line_lets_speech_through_and_not_hum() -> None:
    times = np.arange(8000) / 8000
    low, middle = np.sin(2 * np.pi * 50 * times), np.sin(2 * np.pi * 1000 * times)
    assert np.abs(band_limited(low, 300, 3400)).max() < 0.1
    assert np.abs(band_limited(middle, 300, 3400)).max() > 0.95


def test_noise_is_as_far_below_the_speech_as_asked() -> None:
    rng = np.random.default_rng(0)
    speech, noise = rng.standard_normal(80_000) * 1000, rng.standard_normal(80_000)
    added = with_noise(speech, noise, 20) - speech
    assert 20 * math.log10(speech.std() / added.std()) == pytest.approx(20, abs=0.6)


@pytest.mark.parametrize(("fewest", "most"), [(1, 1), (3, 6), (8, 8)])
def test_babble_is_as_many_voices_as_asked(fewest: int, most: int) -> None:
    rng = np.random.default_rng(0)
    voice = np.ones(100)
    counts = {float(babble([voice], 500, rng, fewest, most).max()) for _ in range(100)}
    assert counts == set(range(fewest, most + 1))


def test_the_weights_of_a_network_are_read_as_they_were_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    layers = [
        kaldi.Affine(rng.standard_normal((4, 6)), rng.standard_normal(4), (-1, 0, 1), rectified=True),
        kaldi.Affine(rng.standard_normal((3, 8)), rng.standard_normal(3), (0, -36), rectified=False),
    ]
    network = kaldi.acoustic_network(2, layers, np.ones(3))
    kaldi.write_model(tmp_path / "final.mdl", kaldi.transition_model([0, 1, 2]), network)
    read = kaldi.read_weights(tmp_path / "final.mdl")
    assert len(read) == len(layers)
    for (weights, bias), layer in zip(read, layers, strict=True):
        assert weights == pytest.approx(layer.weights, abs=1e-6)
        assert bias == pytest.approx(layer.bias, abs=1e-6)


@pytest.fixture
def model() -> ngrams.Ngrams:
    counts = ngrams.no_counts()
    said = [["路灯", "坏了"]] * 30 + [["路灯", "不亮"]] * 5 + [["停水", "了"]] * 10
    ngrams.count(said, 1.0, counts)
    backbone = dict.fromkeys(("路灯", "坏了", "不亮", "停水", "了", "蟑螂"), 1.0)
    return ngrams.estimate(counts, backbone, 0.2, (1.0, 1.0))


@pytest.mark.parametrize("history", [(), ("路灯",), (ngrams.START,), (ngrams.START, "路灯")])
def test_probabilities_after_any_history_add_up(model: ngrams.Ngrams, history: tuple[str, ...]) -> None:
    words = [*model.probabilities[()]]
    assert sum(model.probability(word, history) for word in words) == pytest.approx(1, abs=1e-6)


def test_what_was_said_is_likelier_and_everything_is_possible(model: ngrams.Ngrams) -> None:
    after = {word: model.probability(word, ("路灯",)) for word in ("坏了", "不亮", "蟑螂")}
    assert after["坏了"] > after["不亮"] > after["蟑螂"] > 0


def test_the_acceptor_has_an_arc_for_every_word_and_a_way_back(model: ngrams.Ngrams) -> None:
    numbers = {word: n for n, word in enumerate(model.probabilities[()], start=1)}
    states, start = ngrams.acceptor(model, numbers)
    anywhere = states[next(arc.target for arc in states[start].arcs if arc.input == 0)]
    assert {arc.input for arc in anywhere.arcs} == set(numbers.values()) - {numbers[ngrams.END]}
    assert all(0 <= arc.target < len(states) for state in states for arc in state.arcs)


def words_on_paths(loop: WordLoop, phones: tuple[int, ...]) -> set[int]:
    """The words that the graph gives for entering these phones one after another."""
    found = set()
    waiting = [(0, 0, 0)]
    while waiting:
        state, place, word = waiting.pop()
        for arc in loop.states[state].arcs:
            if arc.target == state:
                continue
            if arc.input == 0:
                if arc.target == 0 and place == len(phones):
                    found.add(arc.output or word)
            elif place < len(phones) and arc.input == 2 * phones[place]:
                waiting.append((arc.target, place + 1, arc.output or word))
    return found


def test_words_that_share_beginnings_and_endings_are_told_apart() -> None:
    phones = Phones(all_units())
    spellings = {
        1: ("lu4", "deng1"),
        2: ("lu4", "mian4"),
        3: ("dian4", "deng1"),
        4: ("lu4",),
        5: ("lu4", "deng1"),  # a homophone
        6: ("deng1",),
    }
    loop = WordLoop(phones)
    spelt = {word: phones.of_word(units_of(syllables)) for word, syllables in spellings.items()}
    loop.add_words([Spelling(word, sequence, 0.0) for word, sequence in spelt.items()])
    assert words_on_paths(loop, spelt[1]) == {1, 5}
    assert all(words_on_paths(loop, spelt[word]) == {word} for word in (2, 3, 4, 6))


def test_a_transducer_file_says_how_much_it_holds(tmp_path: Path) -> None:
    states = [State(arcs=[Arc(2, 0, 0.5, 1), Arc(1, 7, 0.25, 1)]), State(final=0.0)]
    write_fst(tmp_path / "a.fst", states, 0, sorted_by="input")
    content = (tmp_path / "a.fst").read_bytes()
    assert struct.unpack_from("<i", content) == (2125659606,)
    start, count, arcs = struct.unpack_from("<qqq", content, 4 + 4 + 6 + 4 + 8 + 4 + 4 + 8)
    assert (start, count, arcs) == (0, 2, 2)
    assert struct.unpack_from("<iifi", content[-(2 * 16 + 12) :], 0)[0] == 1


def sorted_states(states: list[State]) -> list[State]:
    return [State(state.final, sorted(state.arcs)) for state in states]


def test_a_transducer_is_read_as_it_was_written(tmp_path: Path) -> None:
    states = [State(0.5, [Arc(2, 7, 1.5, 1), Arc(1, 0, 0.25, 0)]), State(None, [Arc(3, 1, 0.0, 0)])]
    write_fst(tmp_path / "it.fst", states, 1, sorted_by="input")
    assert read_fst(tmp_path / "it.fst") == (sorted_states(states), 1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "not a transducer"), (b"nothing like it at all, far from it", "not a transducer")],
)
def test_what_is_no_transducer_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "it.fst"
    file.write_bytes(content)
    with pytest.raises(NotThisKindOfFst, match=reason):
        read_fst(file)


def test_a_transducer_that_ends_too_early_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "it.fst"
    write_fst(file, [State(0.5, [Arc(2, 7, 1.5, 1)]), State(1.0)], 0, sorted_by="input")
    file.write_bytes(file.read_bytes()[:-3])
    with pytest.raises(NotThisKindOfFst, match="too early"):
        read_fst(file)


def small_language() -> tuple[ngrams.Ngrams, dict[str, int]]:
    words = ["一", "二", "三"]
    counts = ngrams.no_counts()
    ngrams.count([["一", "二", "三"], ["一", "二"], ["二", "三", "一", "二", "三"]] * 9, 1.0, counts)
    model = ngrams.estimate(counts, dict.fromkeys(words, 1.0), 0.2, (0.0, 0.0))
    return model, {word: number for number, word in enumerate(words, start=1)}


def test_a_language_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    model, numbers = small_language()
    assert max(map(len, model.probabilities)) == 2
    louds.write_ngrams(tmp_path / "Gr.fst", model, numbers)
    again = louds.read_ngrams(tmp_path / "Gr.fst", {number: word for word, number in numbers.items()})
    assert again.probabilities.keys() == model.probabilities.keys()
    assert again.back_off == pytest.approx(model.back_off)
    for history, following in model.probabilities.items():
        assert again.probabilities[history] == pytest.approx(following)


def test_a_broken_language_model_is_refused(tmp_path: Path) -> None:
    model, numbers = small_language()
    file = tmp_path / "Gr.fst"
    louds.write_ngrams(file, model, numbers)
    file.write_bytes(file.read_bytes()[:-8])
    with pytest.raises(NotThisKindOfFst, match="do not fit"):
        louds.read_ngrams(file, {number: word for word, number in numbers.items()})
    with pytest.raises(NotThisKindOfFst, match="'ngram'"):
        read_fst(file)
