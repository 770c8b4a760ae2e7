"""Why a file is not taken."""

from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with a file, or with taking one more."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_KIND = "unknown_kind"
    NOT_AS_NAMED = "not_as_named"
    TWO_IN_ONE = "two_in_one"
    DAMAGED = "damaged"
    LOCKED = "locked"
    ACTIVE = "active"
    EMBEDDED = "embedded"
    EXTERNAL = "external"
    TOO_COMPLEX = "too_complex"
    MOVING = "moving"
    TOO_MANY = "too_many"
    ALREADY_THERE = "already_there"
    NOT_KEPT = "not_kept"


class Unfit(Exception):
    """These bytes are not taken; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


class FileRefused(ValueError):
    """A file is not taken: `name` is that of the file, `fault` says why; `field` of a form says where."""

    field = "files"

    def __init__(self, name: str, fault: Fault) -> None:
        super().__init__(fault)  # not the name: it may tell of a citizen, and errors are logged
        self.name, self.fault = name, fault
