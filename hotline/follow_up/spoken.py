"""Answers that citizens say instead of pressing a key: which words mean which key, and who listens."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

# Whoever says a number means the key of that number; whoever gives marks (分) gives the most for the best.
SOLVED: Mapping[str, str] = {
    **dict.fromkeys(
        ("解决了", "已经解决", "已经解决了", "解决", "都解决了", "处理好了", "办好了", "修好了"),
        "1",
    ),
    **dict.fromkeys(("是", "是的", "对", "对的", "对对", "一", "按一"), "1"),
    **dict.fromkeys(
        ("没有解决", "没解决", "还没有解决", "还没解决", "没有", "还没有", "没", "还没", "还是没有解决"), "2"
    ),
    **dict.fromkeys(("没有处理", "没处理", "没人管", "不是", "不对", "根本没解决", "二", "按二"), "2"),
}
SATISFACTION: Mapping[str, str] = {
    **dict.fromkeys(("非常满意", "很满意", "十分满意", "特别满意", "五分", "一", "按一"), "1"),
    **dict.fromkeys(("满意", "比较满意", "还算满意", "四分", "二", "按二"), "2"),
    **dict.fromkeys(("一般", "一般般", "基本满意", "还行", "还可以", "三分", "三", "按三"), "3"),
    **dict.fromkeys(("不满意", "不太满意", "不怎么满意", "不是很满意", "二分", "两分", "四", "按四"), "4"),
    **dict.fromkeys(
        ("非常不满意", "很不满意", "十分不满意", "特别不满意", "一点都不满意", "一分", "五", "按五"), "5"
    ),
}


@dataclass(frozen=True)
class Heard:
    """spoke: whether anybody spoke; words: what of it was understood."""

    spoke: bool
    words: str = ""


class Listener(Protocol):
    """Understands short answers. Implemented in `recordings/`, handed in by `hotline.cli`."""

    def is_ready(self) -> bool:
        """Whether it can listen now; a model is still being loaded, or could not be."""
        ...

    def hear(self, pieces: Sequence[Path], phrases: tuple[str, ...]) -> Heard:
        """Which of the phrases are said in WAV files, each the continuation of the one before.

        Whatever else is said is no word.
        """
        ...


def key_of(words: str, meanings: Mapping[str, str]) -> str:
    """The key that the words mean; empty where they mean none, or more than one."""
    longest_first = sorted(meanings, key=len, reverse=True)
    found = re.findall("|".join(map(re.escape, longest_first)), words)
    keys = {meanings[phrase] for phrase in found}
    return keys.pop() if len(keys) == 1 else ""
