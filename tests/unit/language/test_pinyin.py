"""Sentences as pinyin for espeak-ng."""

import re

import pytest

from hotline.language.pinyin import READINGS, speakable, syllables

SPEAKABLE = re.compile(r"(?:(?:[a-z]{1,6}[1-5]|,|\.)(?: |$))*")


def test_a_sentence_with_pauses_and_a_number() -> None:
    assert speakable("您好，12345热线。") == "nin2 hao3 , yao1 er4 san1 si4 wu3 re4 xian4 ."


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("不是", "bu2 shi4"),
        ("不行", "bu4 xing2"),
        ("一个", "yi2 ge4"),
        ("一天", "yi4 tian1"),
        ("第一天", "di4 yi1 tian1"),
        ("十一月一号", "shi2 yi1 yue4 yi1 hao4"),
        ("协调一下", "xie2 tiao2 yi2 xia4"),
        ("下水道堵塞", "xia4 shui3 dao4 du3 se4"),
        ("晚上睡不着觉", "wan3 shang4 shui4 bu4 zhao2 jiao4"),
        ("旅客", "lv3 ke4"),
        ("嗯", "en1"),
        ("QQ群", "kiu4 kiu4 qun2"),
        ("１２３４５", "yao1 er4 san1 si4 wu3"),
    ],
)
def test_words_that_are_easily_misread(text: str, spoken: str) -> None:
    assert speakable(text) == spoken


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "🙂",
        "...",
        "，。",
        "\x00\x07",
        "हिन्दी",
        "ß",
        "a" * 300,
        "𠀀龘",
        "一",
        "不",
        "<script>",
        "½²①",
        "㐀",
    ],
)
def test_whatever_is_typed_is_speakable_or_nothing(text: str) -> None:
    assert SPEAKABLE.fullmatch(speakable(text))


def test_what_cannot_be_spoken_is_skipped() -> None:
    assert speakable("路灯🙂坏了") == "lu4 deng1 huai4 le5"
    assert speakable("，路灯") == "lu4 deng1"


def test_every_character_has_its_place_among_the_syllables() -> None:
    assert len(syllables("一二三㐀四")) == 5


@pytest.mark.parametrize("word", READINGS)
def test_the_list_of_readings_has_one_syllable_a_character(word: str) -> None:
    assert len(READINGS[word].split()) == len(word)
