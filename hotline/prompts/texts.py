"""The prompts that come with the hotline: name and words, in every language."""

import tomllib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

LANGUAGES: Final = ("zh", "en")
GREETING: Final = "greeting"
"""The one sentence of ours that greets callers; others are recorded by the city."""


def texts_folder() -> Traversable:
    """Folder of the texts: `<language>.toml` holds sentences, the same names in every language, and
    `numbers-<language>.toml` the pieces of which this language's numbers and times are made."""
    return resources.files("asterisk_conf") / "prompts"


@cache
def sentences(language: str) -> MappingProxyType[str, str]:
    """Name and words of every whole sentence."""
    return MappingProxyType(_read(f"{language}.toml"))


@cache
def pieces(language: str) -> MappingProxyType[str, str]:
    """Name and words of every piece; they are spoken without a pause around them."""
    return MappingProxyType(_read(f"numbers-{language}.toml"))


def prompt_texts(language: str) -> dict[str, str]:
    """Name and words of every prompt of a language: sentences and pieces."""
    return {**sentences(language), **pieces(language)}


def known_prompts(language: str) -> frozenset[str]:
    """Names that can be played in this language on every installation. See `queries.known_prompts` for
    those that were added in the console as well."""
    return frozenset(prompt_texts(language))


def _read(name: str) -> dict[str, str]:
    source = (texts_folder() / name).read_text(encoding="utf-8")
    return {prompt: str(text) for prompt, text in tomllib.loads(source).items()}
