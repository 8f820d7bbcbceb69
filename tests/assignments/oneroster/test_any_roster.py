"""Whatever a roster says: again is a no-op, and a bulk with its delta leads where a bulk of the end leads."""

import asyncio
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.assignments.domain.roster import Roster, made_from, roster
from services.assignments.domain.support_request import Received, support_request
from shared.kernel.sealing.batches import facts_in
from tests.assignments.oneroster.rosters import (
    Sheets,
    class_,
    delta,
    enrollment,
    org,
    role,
    taken,
    user,
    zipped,
)
from tests.support.served import Served

PUPILS, AIDES, CLASSES = ("ada", "ben", "cara"), ("grace", "tom"), ("c1", "c2", "c3")
Members = dict[str, tuple[frozenset[str], frozenset[str]]]
Seen = set[tuple[str, str, str]]
NUMBERS = count(100_000)

members: st.SearchStrategy[Members] = st.fixed_dictionaries(
    {
        name: st.tuples(st.frozensets(st.sampled_from(PUPILS)), st.frozensets(st.sampled_from(AIDES)))
        for name in CLASSES
    }
)


class School:
    """A school of its own for one run, so that all runs share a database."""

    def __init__(self) -> None:
        self.urn = str(next(NUMBERS))
        self.source = f"mis-{self.urn}"

    def bulk(self, classes: Members) -> Sheets:
        """Everybody who is in a class, and who they are; a class without anybody is left out."""
        people = {who for pupils, aides in classes.values() for who in pupils | aides}
        return {
            "orgs": [org("s1", f"School {self.urn}", self.urn)],
            "users": [
                user(who, who.title(), self.urn, f"{who}.{self.urn}@example.org") for who in sorted(people)
            ],
            "roles": [role(who, "student" if who in PUPILS else "aide") for who in sorted(people)],
            "classes": [class_(name, name) for name, inside in classes.items() if inside[0] | inside[1]],
            "enrollments": [
                enrollment(name, who, "student" if who in PUPILS else "proctor")
                for name, (pupils, aides) in classes.items()
                for who in sorted(pupils | aides)
            ],
        }

    def changes(self, start: Members, end: Members) -> Sheets:
        """The rows of the end that are of a class that changed, and those of the start that are no more."""
        touched = {name: inside for name, inside in end.items() if inside != start[name]}
        now, whole, before = self.bulk(touched), self.bulk(end), self.bulk(start)
        found: Sheets = {}
        for name, rows in whole.items():
            kept = {row["sourcedId"] for row in rows}
            gone = [row for row in before[name] if row["sourcedId"] not in kept]
            found[name] = [*delta(now[name]), *delta(gone, "tobedeleted")]
        return {name: rows for name, rows in found.items() if rows}

    async def seen(self, service: Served) -> Seen:
        """Who is supported by whom in which class, by the numbers of the roster; each asked for and not answered."""
        state: Roster = await folded(service, roster, made_from(self.source, "roster"))
        found = set()
        for held in state.supports.values():
            asked = await folded(service, support_request, held.request_id)
            assert isinstance(asked, Received)
            found.add(
                (
                    self.name("class", held.class_id),
                    self.name("child", held.child_id),
                    self.name("aide", held.aide_id),
                )
            )
        return found

    def name(self, kind: str, made: Any) -> str:
        names = CLASSES if kind == "class" else PUPILS if kind == "child" else AIDES
        return next(name for name in names if made_from(self.source, kind, name) == made)


async def folded(service: Served, decider: Any, stream: Any) -> Any:
    events = await service.running.store.load(stream)
    return decider.fold(await facts_in(service.running.sealer, [event.state for event in events]))


def expected(classes: Members) -> Seen:
    """By hand: one pupil and an aide; of several aides the first by number."""
    return {
        (name, next(iter(pupils)), min(aides))
        for name, (pupils, aides) in classes.items()
        if len(pupils) == 1 and aides
    }


async def hold(service: Served, start: Members, end: Members) -> None:
    here, there = School(), School()
    first = zipped(here.bulk(start))
    told = await taken(service, first, source=here.source, dry_run=True)
    done = await taken(service, first, source=here.source)
    assert (told["items"], told["facts"]) == (done["items"], done["facts"]), (
        "a check tells what an import does"
    )
    assert (await taken(service, first, source=here.source))["facts"] == 0, "again is a no-op"
    assert await here.seen(service) == expected(start)
    change = zipped(here.changes(start, end), "delta")
    await taken(service, change, source=here.source, whole_classes=True)
    assert (await taken(service, change, source=here.source, whole_classes=True))["facts"] == 0
    whole = zipped(there.bulk(end))
    await taken(service, whole, source=there.source)
    assert await here.seen(service) == await there.seen(service) == expected(end)
    assert (await taken(service, zipped(here.bulk(end)), source=here.source))["facts"] == 0


@given(start=members, end=members)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
async def test_a_bulk_and_its_delta_lead_where_a_bulk_of_the_end_leads(
    assignments: Served, start: Members, end: Members
) -> None:
    await hold(assignments, start, end)


@pytest.mark.long
@given(start=members, end=members)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
async def test_many_rosters_hold_too(assignments: Served, start: Members, end: Members) -> None:
    await asyncio.wait_for(hold(assignments, start, end), 60)
