"""`python -m ivr.pbx FOLDER`: run the Asterisk prepared there until it ends or SIGTERM comes."""

import signal
import sys
from pathlib import Path
from types import FrameType

from ivr.pbx.instance import Instance


class _AskedToStop(Exception):
    """SIGTERM or SIGINT came."""


def _stop(signal_number: int, frame: FrameType | None) -> None:
    raise _AskedToStop


def main(folder: Path) -> int:
    """Exit status of Asterisk. On a signal calls are ended and recordings closed first."""
    instance = Instance.load(folder)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    process = instance.start()
    try:
        return process.wait()
    except _AskedToStop:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return instance.stop(process)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
