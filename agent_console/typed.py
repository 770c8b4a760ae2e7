"""What somebody wrote into a form, to show it again where the form itself cannot be shown any more."""

from collections.abc import Iterable, Iterator

from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField, HiddenField, StringField


def typed(form: FlaskForm) -> list[tuple[str, str]]:
    """Each text that is not empty, after the label of its field. Choices are quickly made again."""
    return list(_texts(form))


def _texts(fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    for field in fields:
        if isinstance(field, FieldList | FormField):
            yield from _texts(field)
        elif isinstance(field, StringField) and not isinstance(field, HiddenField):
            text = str(field.data or "").strip()
            if text:
                yield field.label.text, text
