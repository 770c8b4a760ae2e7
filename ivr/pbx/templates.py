"""Render the templates of `asterisk_conf` into the folder that an Asterisk reads."""

import os
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

_SUFFIX = ".j2"


def render_all(kinds: Iterable[str], target: Path, variables: Mapping[str, object]) -> None:
    """Write every template of these folders of `asterisk_conf` into `target` without its suffix, mode 0600.

    Templates in deeper folders are pieces that others include, by their path below `asterisk_conf`.
    A variable that a template names and nobody gave is an error.
    """
    environment = _environment()
    for kind in kinds:
        for template in (resources.files("asterisk_conf") / kind).iterdir():
            name = template.name.removesuffix(_SUFFIX)
            if name != template.name:
                text = environment.from_string(template.read_text(encoding="utf-8")).render(variables)
                _write(target / name, text)


def render_one(template: str, target: Path, variables: Mapping[str, object]) -> None:
    """Write one template, named by its path below `asterisk_conf`, into `target`, as `render_all` does."""
    text = _environment().get_template(template).render(variables)
    _write(target / Path(template).name.removesuffix(_SUFFIX), text)


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("asterisk_conf", ""),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        finalize=_plain,
        autoescape=False,  # noqa: S701 - Asterisk's files, no HTML; `_plain` refuses what would leave its line
    )


def _plain(value: object) -> object:
    """A value that would end its line, or begin a comment, must not get into a configuration file."""
    text = str(value)
    if any(character in text for character in "\n\r;\0"):
        raise ValueError("a configuration value holds a line break or a semicolon")
    return value


def _write(path: Path, text: str) -> None:
    """Replace the file whole: Asterisk may be reloading just now."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
