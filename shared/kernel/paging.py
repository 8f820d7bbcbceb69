"""Lists a page at a time: an opaque cursor and at most 200 items."""

import base64
import binascii
import os
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Query
from pydantic import BaseModel

from shared.kernel.problems import Problem
from shared.kernel.sight import sight

MOST = 200
NONCE = 12

Cursor = Annotated[str | None, Query(description="the `next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="items on a page")]

Item = TypeVar("Item")


class Page(BaseModel):
    """One page of a list; `next` is null on the last one."""

    items: list[Any]
    next: str | None = None


def after(cursor: str | None) -> list[Any] | None:
    """The sort key of the last item of the page before; None for the first page. Raises Problem 422."""
    if cursor is None:
        return None
    try:
        found = orjson.loads(_opened(base64.urlsafe_b64decode(cursor)))
    except (binascii.Error, InvalidTag, ValueError):
        found = None
    if not isinstance(found, list):
        raise wrong_cursor()
    return found


def wrong_cursor() -> Problem:
    """The answer to a cursor that no page ended with."""
    told = {"field": "cursor", "detail": "pass the `next` of the page before, unchanged, or leave it out"}
    return Problem(422, "invalid_request", f"cursor: {told['detail']}", errors=[told])


def page(found: Sequence[Item], limit: int, key: Callable[[Item], list[Any]]) -> dict[str, Any]:
    """The page made of up to `limit` of these items; ask the database for limit + 1. `key` is the sort key."""
    items = list(found[:limit])
    more = len(found) > limit
    cursor = base64.urlsafe_b64encode(_closed(orjson.dumps(key(items[-1]), default=str))) if more else None
    return {"items": items, "next": cursor.decode() if cursor else None}


def _closed(key: bytes) -> bytes:
    """What a list is sorted by may be a name that the caller does not see: a cursor is for us alone to read."""
    secret = sight().secret
    if not secret:
        return key
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(secret).encrypt(nonce, key, b"cursor")


def _opened(cursor: bytes) -> bytes:
    secret = sight().secret
    return AESGCM(secret).decrypt(cursor[:NONCE], cursor[NONCE:], b"cursor") if secret else cursor
