"""The descriptions without which Asterisk does not start, less those that make its start slow."""

import re
from pathlib import Path

from ivr.pbx.install import Installation

_THIRD_PARTY = "thirdparty"
# As it starts, Asterisk lays out the description of every event of the manager interface, and whenever it
# looks for another one it passes by how every module is built: that is more than half of its start.
_SLOW = re.compile(rb"\s*<(module|managerEvent)\b[^>]*(?<!/)>.*?</\1>", re.DOTALL)


def write_documentation(installation: Installation, folder: Path) -> None:
    """Fill the folder with what Asterisk must know of its options, applications, functions and actions.

    Events are left out: its console knows them by name alone (`manager show event`).
    """
    if folder.is_symlink():  # an earlier hotline showed Asterisk everything
        folder.unlink()
    folder.mkdir(exist_ok=True, mode=0o700)
    for path in installation.outside(installation.documentation_dir).glob("*.xml"):
        (folder / path.name).write_bytes(_SLOW.sub(b"", path.read_bytes()))
    others = folder / _THIRD_PARTY
    others.unlink(missing_ok=True)
    others.symlink_to(installation.documentation_dir / _THIRD_PARTY)
