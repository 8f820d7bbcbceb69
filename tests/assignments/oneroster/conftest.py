"""The assignments service on a database of its own."""

from tests.assignments.conftest import assignments, database_url

__all__ = ["assignments", "database_url"]
