"""A service says who in it follows facts, to programs that may not import it."""

import json
import subprocess
import sys

from shared.kernel.listed import listed


def test_a_service_process_lists_its_listeners_with_kind_and_sources() -> None:
    command = [sys.executable, "-P", "-m", "services.training.main", "listeners"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    found = {one["name"]: (one["kind"], one["sources"]) for one in json.loads(told)}
    assert found["certify"] == ("policy", ["training"])
    assert found["courses"] == ("projection", ["training"])


def test_effects_are_told_from_policies() -> None:
    from services.notifications.main import service

    kinds = {one["name"]: one["kind"] for one in listed(service)}
    assert (kinds["deliver_email"], kinds["tell"], kinds["inbox"]) == ("effect", "policy", "projection")
