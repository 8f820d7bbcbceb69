"""The assignments service on a database of its own, and a register."""

from tests.assignments.conftest import assignments, database_url, register

__all__ = ["assignments", "database_url", "register"]
