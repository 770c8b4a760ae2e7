"""What is deleted leaves no bytes behind on SQLite; PostgreSQL gives its room back by VACUUM."""

from sqlalchemy.orm import Session

from hotline.context import Context


def overwrite(session: Session) -> None:
    """From here on this connection writes zeros over what it deletes and changes."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete = ON")


def leave_none(context: Context) -> None:
    """What was overwritten stands in the write-ahead log until that is written back."""
    if context.database.engine.dialect.name == "sqlite":
        with context.database.engine.connect() as connection:
            connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
