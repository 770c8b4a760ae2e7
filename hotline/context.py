"""What every use case is handed: where rows are kept, what time it is, who acts, and the settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.clock import Clock, SystemClock
from hotline.config import Settings
from hotline.database import Database
from hotline.people.actors import SYSTEM, Actor


@dataclass(frozen=True)
class Context:
    """First argument of every service function."""

    database: Database
    clock: Clock
    settings: Settings
    actor: Actor = SYSTEM

    @classmethod
    def of(cls, settings: Settings) -> "Context":
        """The context of a process: the configured database and the machine's clock, acting as the system."""
        return cls(Database(settings.database), SystemClock(), settings)

    def acting_as(self, actor: Actor) -> "Context":
        """The same house, another actor."""
        return replace(self, actor=actor)

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self.clock.now()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction, committed at the end."""
        with self.database.writing() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One session for reads."""
        with self.database.reading() as session:
            yield session
