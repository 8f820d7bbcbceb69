"""python -m tests.faults.seeded BUG SERVICE serve ...: the service with one deliberate bug in it."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module

from shared.kernel import service
from tests.faults.seeded import listeners, relays, stores, wishes

BUGS: Mapping[str, Callable[[], None]] = {
    "none": lambda: None,
    "relay_skips_a_fact": relays.skip,
    "relay_publishes_twice": relays.twice,
    "relay_alters_bytes": relays.alter,
    "relay_ignores_region": relays.ignore_region,
    "key_is_not_kept": stores.forget_keys,
    "positions_have_gaps": stores.leave_gaps_in_positions,
    "versions_have_gaps": stores.leave_gaps_in_versions,
    "checkpoint_is_skipped": listeners.skip_the_checkpoint,
    "acknowledged_before_commit": listeners.acknowledge_before_commit,
    "parked_facts_are_dropped": listeners.drop_what_should_be_parked,
    "claims_are_not_taken": wishes.take_no_claims,
    "cover_beside_the_primary": wishes.cover_beside_the_primary,
    "handover_is_forgotten": wishes.forget_the_handover,
    "attempts_are_miscounted": wishes.miscount_attempts,
    "mail_without_a_cause": wishes.send_mail_for_nothing,
    "callers_of_any_region": wishes.serve_every_region,
}


def main() -> None:
    bug, name = sys.argv[1:3]
    sys.argv = [f"services.{name}.main", *sys.argv[3:]]
    wired = import_module(f"services.{name}.main").service
    BUGS[bug]()
    service.run(wired)


main()
