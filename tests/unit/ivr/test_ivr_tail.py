"""Following a file that grows, is rotated, is truncated, while we are there or away."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr.tail import Tail


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "calls.csv"


Open = Callable[[], Tail]


@pytest.fixture
def tail(file: Path) -> Iterator[Open]:
    """Begins to follow the file, as after a start of ours."""
    opened: list[Tail] = []

    def follow() -> Tail:
        opened.append(Tail(file, file.parent / "memory.json"))
        return opened[-1]

    yield follow
    for following in opened:
        following.close()


def write(file: Path, text: str) -> None:
    with file.open("a") as opened:
        opened.write(text)


def texts(tail: Tail) -> list[str]:
    return [line for _, line in tail.lines()]


def test_there_may_be_no_file_yet(file: Path, tail: Open) -> None:
    following = tail()
    assert texts(following) == []
    write(file, "one\n")
    assert texts(following) == ["one"]


def test_only_whole_lines_count(file: Path, tail: Open) -> None:
    following = tail()
    write(file, "one\ntw")
    assert texts(following) == ["one"]
    write(file, "o\r\nthree\n")
    assert texts(following) == ["two", "three"]
    assert texts(following) == []


def test_it_goes_on_from_the_remembered_place_after_a_restart(file: Path, tail: Open) -> None:
    write(file, "one\ntwo\nthree\n")
    first = tail()
    places = [position for position, _ in first.lines()]
    first.remember(places[1])
    first.close()
    assert texts(tail()) == ["two", "three"]


def test_it_begins_at_the_oldest_line_when_nothing_is_remembered(file: Path, tail: Open) -> None:
    write(file, "old\n")
    file.rename(file.with_name("calls.csv.1"))
    write(file, "new\n")
    assert texts(tail()) == ["old", "new"]


@pytest.mark.parametrize("memory", ["", "[]", "{}", '{"inode": "x", "offset": 0}', "\x00"])
def test_a_spoilt_memory_means_to_read_everything(file: Path, tail: Open, memory: str) -> None:
    write(file, "one\n")
    (file.parent / "memory.json").write_text(memory)
    assert texts(tail()) == ["one"]


def test_rotation_while_we_follow_loses_nothing(file: Path, tail: Open) -> None:
    following = tail()
    write(file, "one\n")
    assert texts(following) == ["one"]
    write(file, "two\n")
    file.rename(file.with_name("calls.csv.1"))
    write(file, "three\n")
    assert texts(following) == ["two", "three"]


def test_rotations_while_we_are_away_lose_nothing(file: Path, tail: Open) -> None:
    first = tail()
    write(file, "one\n")
    assert texts(first) == ["one"]
    first.remember(first.here())
    first.close()
    write(file, "two\n")
    file.rename(file.with_name("calls.csv.2"))
    write(file, "three\n")
    file.rename(file.with_name("calls.csv.1"))
    write(file, "four\n")
    assert texts(tail()) == ["two", "three", "four"]


def test_truncation_in_place_begins_again(file: Path, tail: Open) -> None:
    following = tail()
    write(file, "one\ntwo\n")
    assert texts(following) == ["one", "two"]
    file.write_text("new\n")
    assert texts(following) == ["new"]


def test_a_rotated_file_that_was_deleted_is_given_up(file: Path, tail: Open) -> None:
    first = tail()
    write(file, "one\n")
    assert texts(first) == ["one"]
    first.remember(first.here())
    first.close()
    file.rename(file.with_name("elsewhere"))
    write(file, "two\n")
    assert texts(tail()) == ["two"]


def test_bytes_that_are_no_text_are_no_fault(file: Path, tail: Open) -> None:
    file.write_bytes(b"\xff\xfe\n")
    assert texts(tail()) == ["\ufffd\ufffd"]
