"""Statements that are built once, and given their values each time.

To put a statement together takes Python about as long as the database takes to answer it, and SQLAlchemy
then looks through all of it to find what it was compiled to. What every step of every ticket asks is
therefore kept as it was built.
"""

from collections.abc import Callable
from functools import cache, wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar, cast

from sqlalchemy import Executable, bindparam

Given = ParamSpec("Given")
Statement = TypeVar("Statement", bound=Executable)


def built_once(build: Callable[Given, Statement]) -> Callable[Given, tuple[Statement, dict[str, Any]]]:
    """Mark a function that builds a statement: it then returns what `Session.execute` takes, the statement
    and its values.

    The function is called once, with a placeholder for each of its parameters, and so decides nothing by
    them: it compares columns with them, or sets columns to them. No value is None where it is compared.
    """
    names, of_placeholders = tuple(signature(build).parameters), cast("Callable[..., Statement]", build)

    @cache
    def statement() -> Statement:
        # Named apart from columns: an UPDATE would set a column of the same name.
        return of_placeholders(*(bindparam(f"given_{name}") for name in names))

    @wraps(build)
    def with_values(*given: Given.args, **named: Given.kwargs) -> tuple[Statement, dict[str, Any]]:
        values = {**dict(zip(names, given, strict=False)), **named}
        return statement(), {f"given_{name}": value for name, value in values.items()}

    return with_values
