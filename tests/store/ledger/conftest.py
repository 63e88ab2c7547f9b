"""A category that promises what a test wants it to, and households to promise it to."""

from tests.oracle import oracle, users

__all__ = ["oracle", "users"]
