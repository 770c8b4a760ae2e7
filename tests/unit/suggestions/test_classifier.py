"""The classifier: what it answers is what scikit-learn would; files that nobody vouches for are refused."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hotline.suggestions.classifier import NotTrusted, load, save
from hotline.suggestions.features import features
from hotline.suggestions.training import (
    CATEGORY,
    LEAST_EXAMPLES,
    TYPE,
    Example,
    TooFewExamples,
    confusion_table,
    examine,
    fit,
    split,
)

KEY = "of this installation"
START = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
SENTENCES = {
    ("help", "heating"): ("暖气不热", "暖气漏水", "家里没有暖气", "供热站没人来", "暖气片冰凉", "地暖不热"),
    ("complaint", "noise"): (
        "楼上太吵",
        "施工噪音扰民",
        "广场舞音乐声大",
        "半夜打桩",
        "喇叭吵人",
        "狗叫扰民",
    ),
    ("consultation", "insurance"): (
        "医保怎么报销",
        "医保卡怎么补办",
        "请问报销比例",
        "异地医保怎么办",
        "医保断缴怎么办",
        "请问医保",
    ),
}


def examples() -> list[Example]:
    pairs = [(kind, text) for kind, texts in SENTENCES.items() for text in texts]
    return [Example(text, *kind, START + timedelta(days=day)) for day, (kind, text) in enumerate(pairs * 3)]


def fitted_by_scikit_learn(given: list[Example]) -> Any:
    from sklearn.feature_extraction import DictVectorizer  # takes seconds, also of those who only collect
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    answering = LogisticRegression(C=3.0, max_iter=2000, class_weight="balanced")
    model = make_pipeline(DictVectorizer(), TfidfTransformer(sublinear_tf=True), answering)
    return model.fit([features(e.text) for e in given], [e.category for e in given])


def test_answers_are_those_of_scikit_learn() -> None:
    given = examples()
    model = fitted_by_scikit_learn(given)
    text = "我家暖气不热"
    expected = dict(zip(model.classes_, model.predict_proba([features(text)])[0], strict=True))
    answered = dict(fit(given).ask(CATEGORY, text))
    assert answered == {name: pytest.approx(share, abs=1e-3) for name, share in expected.items()}


def test_two_answers_are_told_apart_like_scikit_learn_does() -> None:
    given = [e for e in examples() if e.category != "noise"]
    model = fitted_by_scikit_learn(given)
    expected = dict(zip(model.classes_, model.predict_proba([features("医保")])[0], strict=True))
    assert dict(fit(given).ask(CATEGORY, "医保")) == {
        n: pytest.approx(s, abs=1e-3) for n, s in expected.items()
    }


def test_misheard_words_are_known_by_their_sound() -> None:
    best, share = fit(examples()).ask(CATEGORY, "暖起步热")[0]
    assert best == "heating"
    assert share > 0.4


def test_a_text_of_unknown_words_gets_no_answer() -> None:
    assert fit(examples()).ask(TYPE, "abc 123") == []
    assert fit(examples()).ask("no such question", "暖气") == []


def test_the_newest_tickets_are_held_out() -> None:
    given = examples()
    learn, newest = split(given)
    assert len(newest) == round(len(given) * 0.2)
    assert max(e.at for e in learn) < min(e.at for e in newest)


def test_too_few_tickets_are_not_learnt_from() -> None:
    with pytest.raises(TooFewExamples, match=str(LEAST_EXAMPLES)):
        split(examples()[: LEAST_EXAMPLES - 1])
    with pytest.raises(TooFewExamples, match="one kind"):
        fit([replace(e, category="heating") for e in examples()])


def test_an_answer_with_few_tickets_is_not_learnt() -> None:
    rare = Example("路灯坏了", "help", "roads", START)
    answers = {name for name, _ in fit([*examples(), rare]).ask(CATEGORY, "路灯坏了")}
    assert answers == {"heating", "noise", "insurance"}


def test_examination_and_table() -> None:
    given = examples()
    taken = examine(fit(given), given)
    assert taken.accuracy(CATEGORY) == 1.0
    wrong = examine(fit(given), [replace(given[0], category="noise")])
    assert wrong.accuracy(CATEGORY) == 0.0
    assert confusion_table([("a", "a"), ("a", "b")]).splitlines() == [
        "| right \\ said | a | b |",
        "|---|---|---|",
        "| a | 1 | 1 |",
        "| b |  |  |",
    ]


def test_kept_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "classifier.npz"
    made = replace(fit(examples()), measured={"type": 0.9})
    save(made, path, KEY)
    read = load(path, KEY)
    assert read.ask(CATEGORY, "暖气不热") == made.ask(CATEGORY, "暖气不热")
    assert (read.trained_until, read.examples, read.measured) == (
        made.trained_until,
        made.examples,
        made.measured,
    )


def test_a_file_of_another_installation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "classifier.npz"
    save(fit(examples()), path, "another key")
    with pytest.raises(NotTrusted, match="not made by this installation"):
        load(path, KEY)


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "classifier.npz"
    save(fit(examples()), path, KEY)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(NotTrusted, match="changed since"):
        load(path, KEY)


def test_a_file_without_a_seal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "classifier.npz"
    save(fit(examples()), path, KEY)
    path.with_name("classifier.npz.seal").unlink()
    with pytest.raises(NotTrusted, match="no seal"):
        load(path, KEY)


def test_parts_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "classifier.npz"
    made = fit(examples())
    save(replace(made, rarity=np.ones(3, np.float32)), path, KEY)
    with pytest.raises(NotTrusted, match="do not fit"):
        load(path, KEY)


def test_before_any_training_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "classifier.npz", KEY)
