"""What every service listens to without saying so: that the keys of somebody are destroyed."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

from shared.contracts.audit.erasure import KeysDestroyed
from shared.kernel.projection import InnerEffect, Issue, unbound

if TYPE_CHECKING:
    from shared.kernel.inside import Inside


def _forgetting(inside: "Inside") -> Callable[[Any, Any], Awaitable[Iterable[Issue]]]:
    from shared.kernel.erasure.forgetting import Forgetter

    return Forgetter.within(inside).perform


FORGETTING = InnerEffect("forgetting", (KeysDestroyed,), unbound, within=_forgetting)
