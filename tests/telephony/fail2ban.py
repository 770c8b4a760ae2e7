"""fail2ban's own judgement of a log file, by the filter that we ship."""

import re
import subprocess
from importlib import resources
from pathlib import Path


def addresses_to_ban(log: Path) -> list[str]:
    """The address of every line of the log that counts against it, in order."""
    filter_file = resources.files("asterisk_conf") / "fail2ban" / "minsheng.conf"
    found = subprocess.run(
        ["fail2ban-regex", "--out", "ip", str(log), str(filter_file)],
        capture_output=True,
        text=True,
        check=True,
    )
    return re.findall(r"^[0-9a-f.:]+$", found.stdout, re.MULTILINE)
