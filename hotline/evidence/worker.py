"""Inspects one file in a process of its own: `python -m hotline.evidence.worker KIND`, the file on its input.

What a hostile file does to a parser happens here, with little memory and time, without the hotline's settings
and without a file that could be written. Ends with 0 and what is kept of the file on its output, or with
`REFUSED` and the fault there; with anything else the file has broken its reader.
"""

import resource
import sys

from hotline.evidence.faults import Unfit
from hotline.evidence.kinds import Kind

REFUSED = 3
MOST_MEMORY = 2 * 1024**3
MOST_SECONDS = 20


def main() -> int:
    """Exit status."""
    content, kind = sys.stdin.buffer.read(), Kind(sys.argv[1])
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    from hotline.evidence.inspection import inspected  # the parsers: not where only the constants are wanted

    try:
        kept = inspected(content, kind)
    except Unfit as unfit:
        sys.stdout.write(unfit.fault)
        return REFUSED
    sys.stdout.buffer.write(kept)
    return 0


if __name__ == "__main__":
    sys.exit(main())
