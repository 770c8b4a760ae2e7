"""What the services write, noted statement by statement, and the same once more by the driver alone."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Connection, event

from hotline.database import Database

_WRITES = ("INSERT", "UPDATE", "DELETE")
_NOTED = "writes of this transaction"


@dataclass(frozen=True)
class Statement:
    """As SQLAlchemy has handed it to the driver; of `many` the parameters are a list."""

    text: Any
    parameters: Any
    many: bool


@dataclass(frozen=True)
class Transaction:
    """What one transaction has written, and in which stage of the season."""

    stage: str
    statements: list[Statement]


class Notes:
    """Notes every committed transaction that has written something, and the time of each stage."""

    def __init__(self, database: Database) -> None:
        self.transactions: list[Transaction] = []
        self.seconds: dict[str, float] = defaultdict(float)
        self.queries: Counter[str] = Counter()
        self._stage = ""
        event.listen(database.engine, "before_cursor_execute", self._executes)
        event.listen(database.engine, "commit", self._commits)
        event.listen(database.engine, "rollback", self._rolls_back)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Whatever happens within belongs to this stage."""
        self._stage, began = name, time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - began
            self._stage = ""

    def _executes(
        self, link: Connection, _cursor: object, text: str, parameters: Any, _context: object, many: bool
    ) -> None:
        self.queries[self._stage] += 1
        if self._stage and text.startswith(_WRITES):
            several = many and not isinstance(parameters, dict)  # or many rows in one statement
            link.info.setdefault(_NOTED, []).append(Statement(text, parameters, several))

    def _commits(self, link: Connection) -> None:
        if noted := link.info.pop(_NOTED, None):
            self.transactions.append(Transaction(self._stage, noted))

    def _rolls_back(self, link: Connection) -> None:
        assert not link.info.pop(_NOTED, None), "a refused step uses up ids, and the copy would have others"


@dataclass
class Driver:
    """A bare connection to a copy of the database as it was before the first note."""

    link: "psycopg.Connection[Any]"
    seconds: dict[str, float]
    rows: int = 0

    @classmethod
    def to(cls, url: str) -> "Driver":
        """By SQLAlchemy's URL of the copy."""
        return cls(psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")), defaultdict(float))

    def write(self, notes: Notes) -> None:
        """Everything that is noted, by transactions, each stage on its own clock; then forget it."""
        cursor = self.link.cursor()
        for transaction in notes.transactions:
            began = time.perf_counter()
            for statement in transaction.statements:
                if statement.many:
                    cursor.executemany(statement.text, statement.parameters)
                else:
                    cursor.execute(statement.text, statement.parameters)
            self.link.commit()
            self.seconds[transaction.stage] += time.perf_counter() - began
            self.rows += len(transaction.statements)
        notes.transactions.clear()
