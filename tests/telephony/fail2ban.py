"""The filter that we ship, applied to a log: by its language's rules, and by fail2ban where it is installed.

fail2ban's Debian package starts a daemon that guards ssh as well, so nobody is made to install it for a test.
"""

import re
import shutil
import subprocess
from configparser import ConfigParser
from importlib import resources
from pathlib import Path

_FILTER = resources.files("asterisk_conf") / "fail2ban" / "minsheng.conf"
_HOST = r"(?P<host>(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F:]{2,45})"
_DATE = re.compile(r"^\[[^\]]*\]")


def addresses_to_ban(log: Path) -> list[str]:
    """The address of every line of the log that counts against it, in order."""
    text = log.read_text(encoding="utf-8", errors="replace")
    found = (_failure().search(_DATE.sub("", line, count=1)) for line in text.split("\n"))
    ours = [match["host"] for match in found if match]
    if shutil.which("fail2ban-regex"):
        assert _by_fail2ban(log) == ours
    return ours


def _failure() -> re.Pattern[str]:
    """fail2ban takes the date away first, and knows `<HOST>`; the rest is Python's."""
    parser = ConfigParser()
    parser.read_string(_FILTER.read_text(encoding="utf-8"))
    return re.compile(parser["Definition"]["failregex"].replace("<HOST>", _HOST))


def _by_fail2ban(log: Path) -> list[str]:
    words = ["fail2ban-regex", "--out", "ip", str(log), str(_FILTER)]
    found = subprocess.run(words, capture_output=True, text=True, check=True)
    return re.findall(r"^[0-9a-f.:]+$", found.stdout, re.MULTILINE)
