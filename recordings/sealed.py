"""Encrypted files that can be read from any position.

The construction and the format are those of Tink's streaming AEAD "AES-GCM-HKDF streaming"
(https://developers.google.com/tink/wire-format, STREAM of Hoang, Reyhanitabar, Rogaway and Vizár, 2015), with
a key of 32 bytes, SHA-256 and segments of 64 KiB: a header (its length, a salt, a nonce's prefix), then
segments of AES-256-GCM whose nonces count, and of which the last is marked as such. A segment that was
changed, left out, moved, or cut off is not opened. The key of a file is derived from the main key, the salt
and `belongs_to`, so that a file put in another's place is not opened either.
"""

import io
import os
import struct
from collections.abc import Sequence
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
SEGMENT_BYTES = 64 * 1024
_SALT_BYTES, _PREFIX_BYTES, _TAG_BYTES = 32, 7, 16
HEADER_BYTES = 1 + _SALT_BYTES + _PREFIX_BYTES
_FIRST_BYTES = SEGMENT_BYTES - HEADER_BYTES - _TAG_BYTES
_OTHER_BYTES = SEGMENT_BYTES - _TAG_BYTES


class NotOpened(ValueError):
    """None of the keys opens the file, or it was changed or cut off."""


def seal(plain: BinaryIO, sealed: BinaryIO, key: bytes, belongs_to: str) -> None:
    """Write all of `plain`, encrypted, to `sealed`. Raises `OSError` as files do."""
    salt, prefix = os.urandom(_SALT_BYTES), os.urandom(_PREFIX_BYTES)
    cipher = _cipher(key, salt, belongs_to)
    sealed.write(bytes([HEADER_BYTES]) + salt + prefix)
    segment, number = plain.read(_FIRST_BYTES), 0
    while True:
        following = plain.read(_OTHER_BYTES)
        sealed.write(cipher.encrypt(_nonce(prefix, number, last=not following), segment, None))
        if not following:
            return
        segment, number = following, number + 1


class SealedReader(io.RawIOBase):
    """What was sealed, as a seekable file. Closes the file below with itself.

    Raises `NotOpened` at once, or at the read that reaches a broken segment.
    """

    def __init__(self, sealed: BinaryIO, keys: Sequence[bytes], belongs_to: str) -> None:
        super().__init__()
        self._sealed = sealed
        self._bytes = sealed.seek(0, os.SEEK_END)
        self._segments = max(1, -(-self._bytes // SEGMENT_BYTES))
        self.size = max(0, self._bytes - HEADER_BYTES - self._segments * _TAG_BYTES)
        self._position = 0
        self._number = -1
        self._segment = b""
        sealed.seek(0)
        header = sealed.read(HEADER_BYTES)
        if len(header) < HEADER_BYTES or header[0] != HEADER_BYTES:
            raise NotOpened("not an encrypted file, or cut off")
        self._prefix = header[1 + _SALT_BYTES :]
        salt = header[1 : 1 + _SALT_BYTES]
        self._cipher = self._opened_by([_cipher(key, salt, belongs_to) for key in keys])

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; less comes only at the end."""
        view, done = memoryview(buffer).cast("B"), 0
        while done < len(view) and self._position < self.size:
            number, offset = _place(self._position)
            piece = self._opened(number)[offset : offset + len(view) - done]
            view[done : done + len(piece)] = piece
            done += len(piece)
            self._position += len(piece)
        return done

    def close(self) -> None:
        self._sealed.close()
        super().close()

    def _opened_by(self, ciphers: Sequence[AESGCM]) -> AESGCM:
        """The cipher that opens the first segment: an older key may have sealed the file."""
        for cipher in ciphers:
            self._cipher = cipher
            try:
                self._opened(0)
            except NotOpened:
                continue
            return cipher
        raise NotOpened("no key opens it, or it was changed")

    def _opened(self, number: int) -> bytes:
        if number != self._number:
            begin = number * SEGMENT_BYTES or HEADER_BYTES
            self._sealed.seek(begin)
            content = self._sealed.read((number + 1) * SEGMENT_BYTES - begin)
            nonce = _nonce(self._prefix, number, last=number == self._segments - 1)
            try:
                self._segment = self._cipher.decrypt(nonce, content, None)
            except InvalidTag:
                raise NotOpened("it was changed or cut off") from None
            self._number = number
        return self._segment


def _cipher(key: bytes, salt: bytes, belongs_to: str) -> AESGCM:
    derived = HKDF(SHA256(), KEY_BYTES, salt=salt, info=belongs_to.encode()).derive(key)
    return AESGCM(derived)


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


def _place(position: int) -> tuple[int, int]:
    """Number of the segment, and the offset in it, of a position in the plain file."""
    if position < _FIRST_BYTES:
        return 0, position
    number, offset = divmod(position - _FIRST_BYTES, _OTHER_BYTES)
    return number + 1, offset
