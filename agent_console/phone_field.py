"""Where a form asks for a telephone number."""

from collections.abc import Sequence

from wtforms import StringField

from agent_console.words import LazyString
from hotline.numbering import typed


def phone_field(label: LazyString, validators: Sequence[object] = ()) -> StringField:
    """A field whose validators see the number as telephones have it, however it was typed or pasted."""
    return StringField(label, validators, filters=[_typed])


def _typed(number: str | None) -> str | None:
    return None if number is None else typed(number)
