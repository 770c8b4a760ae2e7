"""Encrypted files: read from any position, and not opened where anything about them was changed."""

import io
import os

import pytest

from recordings.sealed import HEADER_BYTES, SEGMENT_BYTES, NotOpened, SealedReader, seal

KEY = bytes(range(32))
TRACK = "2026/11/21/1700000000.12/caller"
FIRST = SEGMENT_BYTES - HEADER_BYTES - 16
LENGTHS = (0, 1, FIRST - 1, FIRST, FIRST + 1, FIRST + SEGMENT_BYTES - 16, 3 * SEGMENT_BYTES + 5)


def sealed(plain: bytes, key: bytes = KEY, track: str = TRACK) -> bytes:
    out = io.BytesIO()
    seal(io.BytesIO(plain), out, key, track)
    return out.getvalue()


def opened(content: bytes, *keys: bytes, track: str = TRACK) -> SealedReader:
    return SealedReader(io.BytesIO(content), keys or (KEY,), track)


@pytest.mark.parametrize("length", LENGTHS)
def test_what_was_sealed_comes_out_again(length: int) -> None:
    plain = os.urandom(length)
    content = sealed(plain)
    with opened(content) as file:
        assert file.size == length
        assert file.read() == plain
    assert plain[:64] not in content or length < 64


@pytest.mark.parametrize("begin", [0, 1, FIRST - 3, FIRST, FIRST + 40_000, 2 * SEGMENT_BYTES])
def test_it_is_read_from_any_position(begin: int) -> None:
    plain = os.urandom(3 * SEGMENT_BYTES)
    with opened(sealed(plain)) as file:
        assert file.seek(-5, os.SEEK_END) == len(plain) - 5
        assert file.read(10) == plain[-5:]
        file.seek(begin)
        assert file.read(70_000) == plain[begin : begin + 70_000]
        assert file.tell() == min(len(plain), begin + 70_000)


def test_an_older_key_still_opens_it() -> None:
    old, new = os.urandom(32), os.urandom(32)
    with opened(sealed(b"words", old), new, old) as file:
        assert file.read() == b"words"


@pytest.mark.parametrize(
    ("content", "track"),
    [
        (b"", TRACK),
        (b"RIFF" * 20, TRACK),
        (sealed(b"words", bytes(32)), TRACK),
        (sealed(b"words"), "2026/11/21/1700000000.13/caller"),
        (sealed(b"words")[:-1], TRACK),
        (sealed(bytes(FIRST + 1))[:SEGMENT_BYTES], TRACK),
    ],
    ids=["empty", "no such file", "another key", "another call's", "cut off", "without its last segment"],
)
def test_what_is_not_whole_is_not_opened(content: bytes, track: str) -> None:
    with pytest.raises(NotOpened):
        opened(content, track=track)


@pytest.mark.parametrize("change", ["flipped", "swapped", "cut"])
def test_a_later_segment_that_was_tampered_with_is_not_read(change: str) -> None:
    content = bytearray(sealed(os.urandom(4 * SEGMENT_BYTES)))
    if change == "flipped":
        content[2 * SEGMENT_BYTES + 9] ^= 1
    elif change == "swapped":
        one, two = slice(SEGMENT_BYTES, 2 * SEGMENT_BYTES), slice(2 * SEGMENT_BYTES, 3 * SEGMENT_BYTES)
        content[one], content[two] = content[two], content[one]
    else:
        del content[3 * SEGMENT_BYTES :]
    with opened(bytes(content)) as file, pytest.raises(NotOpened):
        file.read()
