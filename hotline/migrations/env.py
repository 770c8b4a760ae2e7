"""Run by Alembic: connects to the URL that `hotline.database.alembic_config` hands over."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Enum, create_engine, pool

from hotline.all_models import Base
from hotline.database import UtcDateTime


def render_item(kind: str, thing: object, autogen: AutogenContext) -> str | Literal[False]:
    """Revisions name plain column types: they must stay readable when our own types have changed."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, Enum):
        return f"sa.String(length={thing.length})"
    return False


url = context.config.attributes["url"]
engine = create_engine(url, poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=engine.dialect.name == "sqlite",  # SQLite alters a table by copying it
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
