"""Alembic migrations; `env.py` is run by Alembic, revisions lie in `versions/`."""
