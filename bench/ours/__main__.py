"""The steps by name, each module loaded only when asked for: one unfinished part stops no other."""

import sys
from importlib import import_module
from json import loads

from bench.child import NotBuiltYet, Step, main

STEPS = {
    "create": "store",
    "fill": "store",
    "append": "store",
    "read": "store",
    "relay": "relay",
    "fill_stream": "relay",
    "catch_up_store": "catch_up",
    "catch_up_stream": "catch_up",
    "http": "http",
    "rebuild": "rebuild",
    "visible": "visible",
    "fan_out": "fan_out",
    "feed": "feed",
    "webhook_tables": "webhooks",
    "webhooks": "webhooks",
    "sse": "feed",
    "sse_memory": "feed",
    "make_bundle": "audit_verify",
    "audit_verify": "audit_verify",
}


def find(name: str) -> Step:
    """The step, or one that says which part of the project is missing."""
    missing: str
    try:
        step: Step = getattr(import_module(f"bench.ours.{STEPS[name]}"), name)
        return step
    except ModuleNotFoundError as absent:
        if not str(absent.name).startswith(("shared.", "deploy.", "services.", "bench.ours.")):
            raise
        missing = str(absent.name).removeprefix("bench.ours.")

    def not_built(job: object, go: object) -> None:
        raise NotBuiltYet(missing)

    return not_built  # type: ignore[return-value]


if __name__ == "__main__":
    wanted = loads(sys.argv[1])["step"]
    main({wanted: find(wanted)})
