"""Whom the console acts as: in the development profile, whoever the visitor says they are."""

import re
from dataclasses import dataclass

from fastapi import Request

from shared.kernel.sight import HEADER, SEES

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
    """A role and a name in this deployment's region, and why they look; without a purpose the usual one of the role."""

    role: str = "coordinator"
    name: str = "console"
    purpose: str = ""

    def token(self, region: str) -> str:
        """What the services' development profile takes as proof."""
        return f"dev:{self.role}:{region}:{self.name}"

    def headers(self, region: str) -> dict[str, str]:
        """What the services are told of whoever asks."""
        said = {"Authorization": f"Bearer {self.token(region)}"}
        return {**said, HEADER: self.purpose} if self.purpose else said

    def cookie(self) -> str:
        return f"{self.role}:{self.name}:{self.purpose}"


def identity_of(role: str, name: str, purpose: str = "") -> Identity | None:
    """The identity that was asked for, or None when it is none. A purpose that the role may not claim is dropped."""
    name = name.strip().replace(" ", ".")
    if role not in ROLES or not _NAME.fullmatch(name):
        return None
    return Identity(role, name, purpose if purpose in SEES[role] else "")


def acting(request: Request) -> Identity:
    """Whom this visitor acts as."""
    role, name, purpose, *_ = [*request.cookies.get(COOKIE, "").split(":"), "", "", ""]
    return identity_of(role, name, purpose) or Identity()
