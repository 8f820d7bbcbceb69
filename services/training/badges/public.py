"""The rule of what is published: issuer, keys, achievements, status lists and the page that verifies."""

from typing import Any

from fastapi import Depends

from shared.kernel.auth import ROLES, KnowsTheAddress


class Published(KnowsTheAddress):
    """Anybody may read it without a name; it tells of nobody."""


def published() -> Any:
    """Route dependency: for verifiers, who have no account here."""
    return Depends(Published(ROLES))
