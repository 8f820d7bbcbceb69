"""Who follows facts in a service, as its process tells programs that may not import it.

python -P -m shared.kernel.listed services.assignments.main services.sessions.main    several in one process
"""

import json
import sys
from importlib import import_module

from shared.contracts.fact import contract_of
from shared.kernel.projection import Effect, Policy, Queue, RawProjection
from shared.kernel.service import Service


def listed(service: Service) -> list[dict[str, object]]:
    """Every listener: its name, its kind, its sources, and its facts; null where it takes every fact as bytes."""
    return [
        {
            "name": listener.name,
            "kind": "policy"
            if isinstance(listener, Policy)
            else "effect"
            if isinstance(listener, Effect)
            else "queue"
            if isinstance(listener, Queue)
            else "projection",
            "sources": sorted(listener.sources),
            "facts": None
            if isinstance(listener, RawProjection | Queue)
            else sorted(contract_of(fact).topic for fact in listener.listens),
        }
        for listener in service.listeners
    ]


def main(modules: list[str]) -> None:
    """Print the listeners of the services that these modules make, by service."""
    services = [import_module(module).service for module in modules]
    print(json.dumps({service.name: listed(service) for service in services}))


if __name__ == "__main__":
    main(sys.argv[1:])
