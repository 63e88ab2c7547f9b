"""Alembic's environment and every change of the tables, oldest first in `versions/`."""
