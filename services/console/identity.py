"""Whom the console acts as: in the development profile, whoever the visitor says they are."""

import re
from dataclasses import dataclass

from fastapi import Request

COOKIE = "alongside-acts-as"
ROLES = (
    "coordinator",
    "manager",
    "compliance",
    "trainer",
    "auditor",
    "dsl",
    "operator",
    "mentor",
    "school",
    "parent",
)
_NAME = re.compile(r"[A-Za-z0-9._@-]{1,80}")


@dataclass(frozen=True, slots=True)
class Identity:
    """A role and a name in this deployment's region."""

    role: str = "coordinator"
    name: str = "console"

    def token(self, region: str) -> str:
        """What the services' development profile takes as proof."""
        return f"dev:{self.role}:{region}:{self.name}"

    def cookie(self) -> str:
        return f"{self.role}:{self.name}"


def identity_of(role: str, name: str) -> Identity | None:
    """The identity that was asked for, or None when it is none."""
    name = name.strip().replace(" ", ".")
    return Identity(role, name) if role in ROLES and _NAME.fullmatch(name) else None


def acting(request: Request) -> Identity:
    """Whom this visitor acts as."""
    role, _, name = request.cookies.get(COOKIE, "").partition(":")
    return identity_of(role, name) or Identity()
