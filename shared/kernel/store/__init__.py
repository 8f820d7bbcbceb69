"""The event store: append-only, dense positions, group commit, claims and idempotency keys in one transaction."""

from shared.kernel.store.records import (
    Append,
    Appended,
    ClaimTaken,
    Request,
    RequestSeen,
    StoredEvent,
    StoreUnavailable,
    VersionConflict,
)
from shared.kernel.store.store import Store

__all__ = [
    "Append",
    "Appended",
    "ClaimTaken",
    "Request",
    "RequestSeen",
    "Store",
    "StoreUnavailable",
    "StoredEvent",
    "VersionConflict",
]
