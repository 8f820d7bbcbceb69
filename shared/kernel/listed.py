"""Who follows facts in a service, as its process tells programs that may not import it."""

from shared.kernel.projection import Effect, Policy
from shared.kernel.service import Service


def listed(service: Service) -> list[dict[str, object]]:
    """Every listener: its name, its kind and its sources."""
    return [
        {
            "name": listener.name,
            "kind": "policy"
            if isinstance(listener, Policy)
            else "effect"
            if isinstance(listener, Effect)
            else "projection",
            "sources": sorted(listener.sources),
        }
        for listener in service.listeners
    ]
