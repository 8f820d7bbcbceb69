"""Each case runs once with tiny counts: the figures mean nothing, the harness must hold."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.cases import CASES
from bench.runner import Outcome
from bench.subject import TINY, AtLeast, Group, RateAtLeast, Role, Subject, WithinMilliseconds
from bench.verdict import verdicts

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def measured() -> dict[str, list[Any]]:
    """The groups of every case, from one run of the command."""
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--tiny", "--no-peers", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode in (0, 1), run.stderr[-2000:]
    groups: dict[str, list[Any]] = {case: [] for case in CASES}
    for group in json.loads(run.stdout)["groups"]:
        groups[group["case"]].append(group)
    return groups


@pytest.mark.long
@pytest.mark.parametrize("case", CASES)
def test_a_case_measures_ours_and_what_needs_no_peers(case: str, measured: dict[str, list[Any]]) -> None:
    assert len(measured[case]) == len(CASES[case](TINY))
    for group in measured[case]:
        for subject in group["subjects"]:
            assert not subject["failed"], f"{group['title']}: {subject['name']}: {subject['failed']}"
            assert subject["skipped"] or subject["median"] > 0


def outcome(role: Role, *rates: float) -> Outcome:
    return Outcome(Subject(role.value, role, "nowhere", "nothing"), rates=list(rates))


def judged(target: AtLeast | RateAtLeast | WithinMilliseconds, *outcomes: Outcome) -> bool | None:
    group = Group("work", tuple(each.subject for each in outcomes), (target,))
    (verdict,) = verdicts(group, list(outcomes))
    return verdict.met


def test_a_target_is_judged_by_medians() -> None:
    ours, limit = outcome(Role.OURS, 1, 50, 1_000), outcome(Role.LIMIT, 90, 100, 110)
    assert judged(AtLeast(0.5, "limit"), ours, limit) is True
    assert judged(AtLeast(0.51, "limit"), ours, limit) is False


def test_the_best_peer_is_the_reference() -> None:
    ours = outcome(Role.OURS, 100)
    assert judged(AtLeast(2, "best peer"), ours, outcome(Role.PEER, 10), outcome(Role.PEER, 60)) is False
    assert judged(AtLeast(2, "best peer"), ours, outcome(Role.PEER, 10), outcome(Role.PEER, 50)) is True


def test_nothing_is_judged_without_a_reference_or_without_ours() -> None:
    assert judged(AtLeast(2, "best peer"), outcome(Role.OURS, 100)) is None
    assert judged(RateAtLeast(1), outcome(Role.LIMIT, 100)) is None


def test_one_slow_answer_in_fifty_misses_the_p99() -> None:
    quick, slow = [1.0] * 98, [30.0] * 2
    ours = Outcome(Subject("ours", Role.OURS, "nowhere", "nothing"), milliseconds=[quick + slow])
    assert judged(WithinMilliseconds(p50=8, p99=20), ours) is False
    ours.milliseconds = [[1.0] * 100]
    assert judged(WithinMilliseconds(p50=8, p99=20), ours) is True
