"""Whom a statement is about: a mentor of the house, by account or by e-mail address."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha1
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.training.read_model.completions import mentors_named
from services.training.read_model.tables import mentors
from shared.contracts.words.privacy import Unreadable


@dataclass(frozen=True, slots=True)
class Who:
    """A mentor's id, an address in lower case, or the SHA-1 of `mailto:` and an address."""

    mentor_id: UUID | None = None
    email: str | None = None
    digest: str | None = None


def who(actor: Mapping[str, Any], home: str) -> Who | None:
    """How an actor is named, where `home` is the agency's home page; None for a group or another site's account."""
    if actor.get("objectType", "Agent") != "Agent":
        return None
    match actor:
        case {"account": {"homePage": page, "name": name}} if page.rstrip("/") == home:
            try:
                return Who(mentor_id=UUID(name))
            except ValueError:
                return None
        case {"mbox": str(mailbox)}:
            return Who(email=mailbox.removeprefix("mailto:").casefold())
        case {"mbox_sha1sum": str(digest)}:
            return Who(digest=digest.lower())
        case _:
            return None


async def mentors_behind(db: AsyncConnection, asked: Collection[Who]) -> dict[Who, UUID]:
    """The mentor behind each; one that is nobody, or several mentors, is left out."""
    named = {one: one.mentor_id or one.email for one in asked}
    known = await mentors_named(db, [name for name in named.values() if name is not None])
    found = {one: known.get(name, set()) for one, name in named.items() if name is not None}
    if digests := [one for one in asked if one.digest]:
        # PostgreSQL has no SHA-1 of its own, and an address is hashed with its scheme.
        rows = await db.execute(
            select(mentors.c.mentor_id, mentors.c.email).where(mentors.c.email.is_not(None))
        )
        by_digest: dict[str, set[UUID]] = {}
        for mentor_id, email in rows:
            if email not in tuple(Unreadable):
                mark = sha1(f"mailto:{email}".encode(), usedforsecurity=False).hexdigest()
                by_digest.setdefault(mark, set()).add(mentor_id)
        found |= {one: by_digest.get(one.digest or "", set()) for one in digests}
    return {one: next(iter(ids)) for one, ids in found.items() if len(ids) == 1}
