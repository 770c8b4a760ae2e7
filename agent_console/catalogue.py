"""The messages of the console: extracted from the sources, and the English catalogue brought up to date.

`python -m agent_console.catalogue` adds new messages, untranslated, to `translations/en` and drops those that
are gone. A test fails while a message has no English.
"""

import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
ENGLISH = HERE / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "_l": None, "_n": (1, 2)}
# Header lines that change with every run, or say nothing.
_WITHOUT = (
    b'"Project-Id',
    b'"Report-Msgid',
    b'"POT-Creation',
    b'"PO-Revision',
    b'"Last-Translator',
    b'"Language-Team',
    b'"Generated-By',
)
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


def messages() -> Catalog:
    """Every message of the sources."""
    found = Catalog(charset="utf-8")
    for filename, _line, message, _comments, context in extract_from_dir(
        HERE, METHODS, {"**": {"encoding": "utf-8"}}, keywords=KEYWORDS, directory_filter=_is_source
    ):
        found.add(message, locations=[(filename, 0)], context=context)
    return found


def english() -> Catalog:
    """The English catalogue as it stands."""
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def missing() -> list[str]:
    """Messages of the sources that have no English."""
    known = english()
    wanted = (message for message in messages() if message.id)
    return [str(m.id) for m in wanted if not _is_translated(known, m.id)]


def update() -> None:
    """Write the catalogue with exactly the messages of the sources."""
    known = english() if ENGLISH.exists() else Catalog(locale="en")
    fresh = Catalog(locale="en", charset="utf-8", fuzzy=False, header_comment="# English of the console.")
    for message in sorted(messages(), key=lambda m: str(m.id)):
        if message.id:
            old = known.get(message.id)
            fresh.add(message.id, old.string if old else "")
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    written = BytesIO()
    write_po(written, fresh, width=0, no_location=True)
    lines = written.getvalue().splitlines(keepends=True)
    ENGLISH.write_bytes(b"".join(line for line in lines if not line.startswith(_WITHOUT)))


def _is_translated(catalogue: Catalog, message_id: str | Sequence[str]) -> bool:
    found = catalogue.get(message_id if isinstance(message_id, str) else message_id[0])
    strings = found.string if found is not None else ""
    return all(strings) if isinstance(strings, list | tuple) else bool(strings)


def _is_source(folder: str) -> bool:
    return Path(folder).name not in {"frontend", "static", "translations", "__pycache__"}


if __name__ == "__main__":
    update()
    sys.exit(0)
