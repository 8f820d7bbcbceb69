"""What an append promises: all or nothing, dense positions, and a precise no."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from shared.kernel.decider import Claim
from shared.kernel.store import Append, Appended, ClaimTaken, Request, RequestSeen, Store, VersionConflict
from shared.kernel.store.store import create_tables

TOPIC = "tests.Happened.v1"
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


def one(stream: UUID | None = None, expected: int = 0, **more: object) -> Append:
    return Append(stream or uuid4(), expected, [(TOPIC, uuid4().bytes)], **more)  # type: ignore[arg-type]


def claim(key: str, since: datetime | None = None, until: datetime | None = None) -> frozenset[Claim]:
    return frozenset([Claim(key, "taken", "is taken", since, until)])


def kinds(answers: list[Appended | BaseException]) -> dict[str, int]:
    names = [type(answer).__name__ for answer in answers]
    return {name: names.count(name) for name in names}


async def test_positions_are_dense_and_versions_gapless(store: Store) -> None:
    streams = [uuid4() for _ in range(20)]
    for version in range(5):
        await asyncio.gather(*[store.append(one(stream, version)) for stream in streams])
    log = await store.read(0)
    assert [event.position for event in log] == list(range(1, 101))
    assert await store.head() == 100
    for stream in streams:
        assert [event.version for event in await store.load(stream)] == [1, 2, 3, 4, 5]


async def test_several_facts_of_one_command_stand_together(store: Store) -> None:
    stream = uuid4()
    appended = await store.append(Append(stream, 0, [(TOPIC, b"a"), (TOPIC, b"b"), (TOPIC, b"c")]))
    assert appended == Appended(position=3, version=3)
    assert [event.state for event in await store.load(stream)] == [b"a", b"b", b"c"]


async def test_of_64_writers_of_one_stream_exactly_one_wins(store: Store) -> None:
    stream = uuid4()
    answers = await asyncio.gather(*[store.append(one(stream)) for _ in range(64)], return_exceptions=True)
    assert kinds(answers) == {"Appended": 1, "VersionConflict": 63}
    assert await store.head() == 1


async def test_a_version_ahead_of_the_stream_is_a_conflict_too(store: Store) -> None:
    with pytest.raises(VersionConflict):
        await store.append(one(expected=3))
    assert await store.head() == 0


async def test_of_64_takers_of_one_claim_exactly_one_wins_and_the_others_lose_nothing_else(
    store: Store,
) -> None:
    takers = [store.append(one(take=claim("child:ada"))) for _ in range(64)]
    bystanders = [store.append(one(take=claim(f"child:{n}"))) for n in range(64)]
    answers = await asyncio.gather(*takers, *bystanders, return_exceptions=True)
    assert kinds(answers[:64]) == {"Appended": 1, "ClaimTaken": 63}
    assert kinds(answers[64:]) == {"Appended": 64}
    assert [event.position for event in await store.read(0)] == list(range(1, 66))


async def test_a_released_claim_can_be_taken_by_another(store: Store) -> None:
    first = uuid4()
    await store.append(one(first, take=claim("mentor:jo")))
    with pytest.raises(ClaimTaken) as taken:
        await store.append(one(take=claim("mentor:jo")))
    assert taken.value.claim.message == "is taken"
    await store.append(one(first, 1, release=claim("mentor:jo")))
    await store.append(one(take=claim("mentor:jo")))


async def test_a_claim_can_be_released_and_taken_again_by_its_owner(store: Store) -> None:
    stream = uuid4()
    await store.append(one(stream, take=claim("room", NOON, NOON + timedelta(hours=1))))
    moved = claim("room", NOON + timedelta(minutes=30), NOON + timedelta(hours=2))
    await store.append(one(stream, 1, take=moved, release=claim("room", NOON, NOON + timedelta(hours=1))))
    with pytest.raises(ClaimTaken):
        await store.append(one(take=claim("room", NOON + timedelta(minutes=90), NOON + timedelta(hours=3))))
    await store.append(one(take=claim("room", NOON, NOON + timedelta(minutes=30))))


@pytest.mark.parametrize(
    ("starts", "ends", "taken"),
    [(-60, 0, False), (60, 90, False), (-10, 1, True), (59, 70, True), (10, 20, True), (-10, 70, True)],
)
async def test_spans_exclude_each_other_when_they_overlap_and_not_when_they_touch(
    store: Store, starts: int, ends: int, taken: bool
) -> None:
    await store.append(one(take=claim("room", NOON, NOON + timedelta(hours=1))))
    other = one(take=claim("room", NOON + timedelta(minutes=starts), NOON + timedelta(minutes=ends)))
    if taken:
        with pytest.raises(ClaimTaken):
            await store.append(other)
    else:
        await store.append(other)


async def test_a_repeated_key_gets_the_first_answer_and_has_no_second_effect(store: Store) -> None:
    request = Request("key-1", b"print", 201, b'{"id":1}')
    first = await store.append(one(request=request))
    with pytest.raises(RequestSeen) as seen:
        await store.append(one(request=request))
    kept = seen.value.request
    assert (kept.status, kept.response, kept.position, kept.version) == (201, b'{"id":1}', first.position, 1)
    assert await store.head() == 1


async def test_one_key_sent_64_times_at_once_has_one_effect(store: Store) -> None:
    request = Request("key-1", b"print", 201, b"{}")
    answers = await asyncio.gather(
        *[store.append(one(request=request)) for _ in range(64)], return_exceptions=True
    )
    assert kinds(answers) == {"Appended": 1, "RequestSeen": 63}


async def test_a_loser_leaves_neither_claim_nor_key_behind(store: Store, database_url: str) -> None:
    stream = uuid4()
    await store.append(one(stream))
    with pytest.raises(VersionConflict):
        await store.append(one(stream, take=claim("x"), request=Request("k", b"", 200, b"")))
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM claims").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM requests").fetchone() == (0,)


async def test_one_command_the_database_cannot_take_does_not_fail_the_others(store: Store) -> None:
    poison = Append(uuid4(), 0, [("a topic with \0", b"x")])
    answers = await asyncio.gather(
        *[store.append(one()) for _ in range(10)], store.append(poison), return_exceptions=True
    )
    assert kinds(answers[:10]) == {"Appended": 10}
    assert isinstance(answers[10], psycopg.DataError)
    assert await store.head() == 10


async def test_facts_can_be_neither_changed_nor_removed(store: Store, database_url: str) -> None:
    await store.append(one())
    for statement in (
        "UPDATE stored_events SET topic = ''",
        "DELETE FROM stored_events",
        "TRUNCATE stored_events",
    ):
        with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.RaiseException):
            connection.execute(statement)


async def test_an_insert_past_the_numbering_fails_instead_of_making_a_gap(
    store: Store, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.NotNullViolation):
        connection.execute(
            "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (%s, 1, '', '')",
            (uuid4(),),
        )


async def test_making_the_tables_again_keeps_what_is_in_them(store: Store, database_url: str) -> None:
    await store.append(one())
    create_tables(database_url)
    assert await store.head() == 1
    assert (await store.append(one())).position == 2
