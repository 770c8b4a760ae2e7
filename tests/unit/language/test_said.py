"""A phrase is found by its sound, although a recogniser wrote some of it wrong."""

import pytest

from hotline.language.said import is_said


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("12345", "您好幺二三四五热线请讲"),
        ("12345", "您好一二三市五热线"),  # by sound
        ("12345热线", "你好一二三市五热先请讲"),
        ("感谢您的来电", "感谢您来电祝您"),  # a syllable is missing
        ("感谢您的来电", "感谢了您的来点"),
        ("工单编号", "您的公单变号是三七"),
        ("再见", "好的在见"),
        ("Thank you", "well thank you for calling"),
    ],
)
def test_it_was_said(phrase: str, text: str) -> None:
    assert is_said(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("12345", "您好市民热线请讲"),
        ("12345", "一共有一二三楼"),
        ("感谢您的来电", "感谢"),
        ("再见", "我再看看"),
        ("工单编号", "这个工单我看看"),
        ("再见", ""),
        ("", "再见"),
        ("。", "再见。"),
    ],
)
def test_it_was_not(phrase: str, text: str) -> None:
    assert not is_said(phrase, text)
