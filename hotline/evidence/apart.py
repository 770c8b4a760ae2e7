"""Has a file inspected by `hotline.evidence.worker`."""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property

import structlog

from hotline.evidence.faults import Fault, FileRefused, Unfit
from hotline.evidence.kinds import Kind, recognised, told_name
from hotline.evidence.worker import MOST_SECONDS, REFUSED

PATIENCE_S = 3 * MOST_SECONDS  # on a busy machine; the processor's seconds are counted by the worker

# A reader that a file has taken over learns nothing: of our environment it gets what Python needs to start.
_PASSED_ON = ("PATH", "PYTHONPATH", "LANG", "LD_LIBRARY_PATH")
_ITS_OWN = {"OPENBLAS_NUM_THREADS": "1"}  # numpy, behind soundfile, sets memory aside for every thread

log = structlog.get_logger()


@dataclass(frozen=True)
class Inspected:
    """A file that may be kept: its name as it is told, its kind, and its bytes as they are kept."""

    name: str
    kind: Kind
    content: bytes

    @cached_property
    def sha256(self) -> str:
        """Of the bytes as they are kept, in hexadecimal digits: the name under which they are stored."""
        return hashlib.sha256(self.content).hexdigest()


def inspect(name: str, content: bytes, largest: int) -> Inspected:
    """The file as it may be kept. Raises `FileRefused`. `largest` in bytes, of the file as it came."""
    told = told_name(name)
    try:
        kind = recognised(told, content, largest)
        return Inspected(told, kind, _answer(content, kind))
    except Unfit as unfit:
        raise FileRefused(told, unfit.fault) from None


def _answer(content: bytes, kind: Kind) -> bytes:
    command = [sys.executable, "-m", "hotline.evidence.worker", kind]
    passed_on = _ITS_OWN | {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 (our own module, and a kind of ours)
            command, input=content, capture_output=True, env=passed_on, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unfit(Fault.TOO_COMPLEX) from None
    if done.returncode == 0:
        return done.stdout
    if done.returncode == REFUSED:
        raise Unfit(Fault(done.stdout.decode()))
    log.warning("a file broke its reader", kind=kind, status=done.returncode)
    raise Unfit(Fault.DAMAGED)
