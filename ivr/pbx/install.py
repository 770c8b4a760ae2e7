"""Find an Asterisk, or install one into a private root that nothing else on the machine sees.

Debian 12 has no Asterisk package, so the root is made from Debian's unstable suite by
mmdebstrap: as root, or as an ordinary user by user namespaces. It lies outside the checkout and is shared
by all checkouts.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ivr.pbx.errors import PbxError

OLDEST_MAJOR = 20
ROOT_NAME = "pbx-debian-unstable"
_BROKEN_BRIDGING = "22.11.0"
SEARCHED = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Where Asterisk is looked for: the PATH of an ordinary user leaves out the folders of daemons."""
_TOOLS = ("mmdebstrap", "bwrap", "tar")
# Looked up below "/" and below a private root alike.
_MODULES = ("usr/lib/*/asterisk/modules", "usr/lib/asterisk/modules", "usr/lib64/asterisk/modules")
_DOCUMENTATION = ("usr/share/asterisk/documentation", "var/lib/asterisk/documentation")


@dataclass(frozen=True)
class Installation:
    """One Asterisk that can be run. Paths are those that the running Asterisk sees."""

    root: Path | None
    """The private root, or None for an Asterisk that is installed on this machine."""
    version: str
    modules_dir: Path
    documentation_dir: Path

    @property
    def warning(self) -> str | None:
        """What an administrator should know about this version, or None."""
        if self.version == _BROKEN_BRIDGING:
            return f"Asterisk {self.version} breaks bridging after listening in (asterisk issue 2134)"
        return None

    def outside(self, path: Path) -> Path:
        """`path` of the running Asterisk as this machine sees it."""
        return path if self.root is None else self.root / path.relative_to("/")


def locate(cache_dir: Path) -> Installation | None:
    """The machine's own Asterisk if it is new enough, else the private root, else None. Changes nothing."""
    if program := shutil.which("asterisk", path=SEARCHED):
        version = _version([program, "-V"])
        if version and _major(version) >= OLDEST_MAJOR:
            return _described(None, version)
    root = cache_dir / ROOT_NAME
    if not root.is_dir():
        return None
    return _described(root, (root / "version").read_text().strip())


def ensure(cache_dir: Path) -> Installation:
    """`locate`, or install. Takes a minute the first time, then nothing. Raises `PbxError`.

    Two callers at once: the second waits for the first and finds its work done.
    """
    if found := locate(cache_dir):
        return found
    cache_dir.mkdir(parents=True, exist_ok=True)
    with _lock(cache_dir / f"{ROOT_NAME}.lock"):
        if found := locate(cache_dir):
            return found
        _install(cache_dir)
    if found := locate(cache_dir):
        return found
    raise PbxError(f"no Asterisk in {cache_dir / ROOT_NAME} after installing it")


def confined(root: Path) -> list[str]:
    """The start of a command that runs in the private root, read-only, on the machine's network."""
    words = ["bwrap", "--unshare-pid", "--die-with-parent"]
    for entry in sorted(root.iterdir()):
        if entry.is_symlink():
            words += ["--symlink", os.readlink(entry), f"/{entry.name}"]
    words += ["--ro-bind", f"{root}/usr", "/usr", "--ro-bind", f"{root}/etc", "/etc"]
    words += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]  # noqa: S108
    return [*words, "--setenv", "HOME", "/tmp", "--setenv", "PATH", SEARCHED]  # noqa: S108


def _described(root: Path | None, version: str) -> Installation:
    top = root or Path("/")
    modules = _first_inside(top, _MODULES)
    documentation = _first_inside(top, _DOCUMENTATION)
    return Installation(root, version, modules, documentation)


def _first_inside(top: Path, patterns: tuple[str, ...]) -> Path:
    for pattern in patterns:
        for path in top.glob(pattern):
            return Path("/") / path.relative_to(top)
    raise PbxError(f"an Asterisk below {top} lacks {' and '.join(patterns)}")


def _install(cache_dir: Path) -> None:
    if missing := [tool for tool in _TOOLS if shutil.which(tool) is None]:
        raise PbxError(f"Asterisk cannot be installed without {', '.join(missing)}: apt-get install them")
    # Drafts lie beside the root, so that putting it in place is one rename.
    with tempfile.TemporaryDirectory(prefix=f"{ROOT_NAME}.", dir=cache_dir) as draft:
        root = Path(draft) / "root"
        root.mkdir(mode=0o755)
        _unpack(_packed(Path(draft)), root)
        version = _version([*confined(root), "asterisk", "-V"])
        if version is None or _major(version) < OLDEST_MAJOR:
            raise PbxError(f"the installed Asterisk reports version {version}, not >= {OLDEST_MAJOR}")
        (root / "version").write_text(f"{version}\n")
        root.rename(cache_dir / ROOT_NAME)
    _say(f"Asterisk {version} is in {cache_dir / ROOT_NAME}")


def _packed(draft: Path) -> Path:
    """Fetch Asterisk and what it needs into one archive. An archive, and not a folder, because the folder
    would belong to strange users and could lie where those may not go (a home folder of mode 0700)."""
    archive = draft / "root.tar"
    mode = "root" if os.geteuid() == 0 else "unshare"
    _say("installing Asterisk into a private root (about a minute, 350 MB)")
    _run(
        [
            *("mmdebstrap", f"--mode={mode}", "--variant=apt", "--include=asterisk", "--format=tar"),
            # The mirror's index may be older than it promises to be.
            *('--aptopt=Acquire::Check-Valid-Until "false"', "sid", str(archive)),
        ],
        draft / "mmdebstrap.log",
    )
    return archive


def _unpack(archive: Path, root: Path) -> None:
    _say("unpacking Asterisk")
    skipped = [f"--exclude=./{name}/*" for name in ("dev", "proc", "sys", "boot", "var/cache", "var/lib/apt")]
    words = ["tar", "--extract", "--no-same-owner", "--no-same-permissions", *skipped]
    _run([*words, "--file", str(archive), "--directory", str(root)], archive.with_suffix(".log"))
    archive.unlink()
    for name in ("hosts", "resolv.conf"):  # places where the machine's own files are shown
        (root / "etc" / name).unlink(missing_ok=True)
        (root / "etc" / name).touch()


def _run(words: list[str], log: Path) -> None:
    with log.open("wb") as output:
        finished = subprocess.run(  # noqa: S603 - words of our own, no shell
            words, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    if finished.returncode:
        tail = log.read_text(errors="replace").strip().splitlines()[-5:]
        raise PbxError(f"{words[0]} failed with status {finished.returncode}: " + " / ".join(tail))


def _version(words: list[str]) -> str | None:
    answer = subprocess.run(  # noqa: S603 - words of our own, no shell
        words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    found = re.search(r"Asterisk (\d+\.\d+\.\d+)", answer.stdout)
    return found.group(1) if found else None


def _major(version: str) -> int:
    return int(version.split(".", 1)[0])


def _say(line: str) -> None:
    sys.stderr.write(f"    {line}\n")


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
