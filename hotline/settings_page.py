"""Writes the table of settings into `docs/interfaces.md` (`python -m hotline.settings_page`)."""

import re
from pathlib import Path

from hotline.config import ENVIRONMENT_PREFIX, PROJECT_ROOT, Settings

PAGE = PROJECT_ROOT / "docs" / "interfaces.md"
_BEGIN, _END = "<!-- settings:", "<!-- end of settings -->"


def table() -> str:
    """Every setting with its default and meaning, as a Markdown table."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    parts_last = sorted(Settings.model_fields.items(), key=lambda one: one[0] not in Settings.__annotations__)
    for name, field in parts_last:
        rows.append(f"| `{ENVIRONMENT_PREFIX}{name.upper()}` | {_default(name)} | {field.description} |")
    return "\n".join(rows)


def page(text: str) -> str:
    """The page's text with the table of today."""
    pattern = re.compile(rf"({re.escape(_BEGIN)}[^\n]*\n).*?({re.escape(_END)})", re.DOTALL)
    return pattern.sub(lambda found: f"{found[1]}\n{table()}\n\n{found[2]}", text)


def _default(name: str) -> str:
    field = Settings.model_fields[name]
    value = field.get_default(call_default_factory=True)
    if isinstance(value, Path):
        value = str(value).replace(str(PROJECT_ROOT), "<checkout>").replace(str(Path.home()), "~")
    return f"`{value}`" if value != "" else "-"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
