"""Bringing a database to head: the kernel's own tables first, then a service's read model."""

from shared.kernel.migrations.migrate import migrate, pending

__all__ = ["migrate", "pending"]
