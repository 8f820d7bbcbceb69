"""What an integrator may see: one rule, and the file that says who has which grant."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from shared.contracts.fact import contracts
from shared.kernel.auth import Actor, integrator
from shared.kernel.integrators import Integrator, Integrators, NotGrantable, resolve, token_digest
from shared.kernel.problems import Problem
from shared.kernel.running import Running

OPEN, SEALED = "sessions.SessionApproved.v1", "sessions.SessionLogged.v1"
RESTRICTED = "assignments.SafeguardingConcernRaised.v1"


def acme(facts: frozenset[str] = frozenset({OPEN}), token: str = "asi_one") -> Integrator:
    at = datetime(2026, 9, 1, tzinfo=UTC)
    return Integrator("acme", facts, frozenset({"uk-london"}), None, token_digest(token), at)


def written(file: Path, *integrators: Integrator) -> Integrators:
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps({"integrators": [one.as_json() for one in integrators]}))
    os.replace(fresh, file)
    return Integrators(file)


def test_a_service_names_its_open_facts_only() -> None:
    topics, warnings = resolve(["sessions.*"])
    assert topics == {one.topic for one in contracts() if one.service == "sessions" and one.privacy == "open"}
    assert not warnings


def test_a_sealed_fact_is_granted_by_its_full_name_and_warned_of() -> None:
    topics, warnings = resolve([SEALED])
    assert topics == {SEALED}
    assert "arrives sealed: late_reason, notes" in warnings[0]


@pytest.mark.parametrize(
    ("word", "mend"),
    [
        (RESTRICTED, "never granted"),
        ("sessions.SessionAproved.v1", "perhaps sessions.SessionApproved.v1"),
        ("payroll.*", "one of assignments, audit"),
        ("*", "no such fact; docs/facts.md"),
    ],
)
def test_what_may_not_be_granted_is_refused_with_the_mend(word: str, mend: str) -> None:
    with pytest.raises(NotGrantable, match=mend):
        resolve([OPEN, word])


def test_a_restricted_fact_in_the_file_is_not_seen_all_the_same() -> None:
    assert not acme(frozenset({RESTRICTED})).may_see(RESTRICTED)
    assert acme().may_see(OPEN)
    assert not acme().may_see(SEALED)


def test_a_changed_file_is_read_again_and_a_broken_one_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "integrators.json"
    known = Integrators(file)
    assert known.all() == []
    written(file, acme())
    assert known.by_token("asi_one") == acme()
    written(file, acme(token="asi_two"))
    assert known.by_token("asi_one") is None
    assert known.find("acme") == acme(token="asi_two")
    file.write_text("{")
    assert known.by_token("asi_two")
    file.unlink()
    assert known.by_token("asi_two") is None


def test_a_token_of_an_integrator_says_who_calls_and_an_old_one_is_refused(tmp_path: Path) -> None:
    known = written(tmp_path / "integrators.json", acme())

    def asked(token: str, region: str = "uk-london") -> Actor | None:
        running = SimpleNamespace(integrators=known, settings=SimpleNamespace(region=region))
        return integrator(f"Bearer {token}", cast(Running, running))

    assert asked("asi_one") == Actor("integrator", "uk-london", "acme")
    assert asked("asi_one", region="uk-wales") == Actor("integrator", "uk-london", "acme")
    assert asked("dev:auditor:uk-london:ann") is None
    with pytest.raises(Problem, match="not any more"):
        asked("asi_other")
