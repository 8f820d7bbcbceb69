"""The sealer: few look-ups, nothing held too long, and each reason for not reading told from every other."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.fact import Concerns, Contract, Fact, Personal
from shared.contracts.words.privacy import RetentionClass, Unreadable
from shared.kernel.envelope import Origin, encode
from shared.kernel.sealing.cipher import SealBroken, is_sealed
from shared.kernel.sealing.fields import Unrecordable, open_data, refs_to_open, refs_to_seal, seal_data
from shared.kernel.sealing.keyring import KeyRef, KeyringUnavailable, NotGranted, SubjectErased
from shared.kernel.sealing.postgres import PostgresKeyring
from shared.kernel.sealing.sealer import Sealer
from tests.kernel.sealing.conftest import Ring


class Seen(Fact):
    """A fact with personal fields of two classes."""

    child_id: Annotated[UUID, Concerns("child")]
    name: Annotated[str, Personal(of="child_id", keep="profile")]
    born_on: Annotated[date | Unreadable | None, Personal(of="child_id", keep="profile")]
    note: Annotated[str, Personal(of="child_id", keep="casework")]
    minutes: int


SEEN = Contract(
    "tests.Seen.v1",
    "child",
    Seen,
    concerns={"child_id": "child"},
    personal=dict.fromkeys(("name", "born_on", "note"), "child_id"),
    kept={"name": "profile", "born_on": "profile", "note": "casework"},
)


class Attributes:
    """Of an envelope what matters here."""

    def __init__(self) -> None:
        self.id, self.type = uuid4(), SEEN.topic


class Counted(PostgresKeyring):
    """Counts its calls, and waits when told to."""

    calls = 0
    hold: asyncio.Event | None = None

    async def keys(self, refs: Collection[KeyRef]) -> Mapping[KeyRef, bytes | Unreadable]:
        self.calls += 1
        found = await super().keys(refs)
        if self.hold is not None:
            await self.hold.wait()
        return found

    async def make(self, refs: Collection[KeyRef]) -> Mapping[KeyRef, bytes]:
        self.calls += 1
        return await super().make(refs)


@pytest.fixture
async def counted(ring: Ring) -> AsyncIterator[Counted]:
    found = Counted(ring.url, ring.folder)
    yield found
    await found.close()


def data(ada: UUID) -> dict[str, Any]:
    return {"child_id": str(ada), "name": "Ada Hartley", "born_on": None, "note": "a good day", "minutes": 45}


async def sealed(sealer: Sealer, ada: UUID, at: Attributes) -> dict[str, Any]:
    refs = refs_to_seal(SEEN, data(ada)).values()
    return seal_data(SEEN, at.id, data(ada), await sealer.keys_to_seal(list(refs)))


async def opened(
    sealer: Sealer, found: dict[str, Any], at: Attributes
) -> tuple[dict[str, Any], dict[str, Any]]:
    keys = await sealer.keys_for(list(refs_to_open(SEEN, found).values()))
    return open_data(SEEN, at, found, keys)


async def test_personal_fields_are_sealed_and_the_others_are_not(counted: Counted, ada: UUID) -> None:
    sealer, at = Sealer(counted), Attributes()
    found = await sealed(sealer, ada, at)
    assert [name for name, value in found.items() if is_sealed(value)] == ["name", "born_on", "note"]
    assert found["minutes"] == 45
    assert "Ada" not in str(found)
    assert await opened(sealer, found, at) == (data(ada), {})
    assert counted.calls == 1, "what was made is known"


async def test_a_fact_from_before_sealing_reads_as_it_is(counted: Counted, ada: UUID) -> None:
    assert refs_to_open(SEEN, data(ada)) == {}
    assert await opened(Sealer(counted), data(ada), Attributes()) == (data(ada), {})


async def test_erased_withheld_and_unavailable_are_told_apart_and_nothing_is_guessed(
    counted: Counted, ring: Ring, ada: UUID
) -> None:
    at = Attributes()
    found = await sealed(Sealer(counted), ada, at)
    plain = data(ada)

    reader = ring.keyring("test_reader")
    assert await opened(Sealer(reader), found, at) == (
        {**plain, "note": "withheld"},
        {"note": Unreadable.WITHHELD},
    )
    await reader.close()

    gone = PostgresKeyring("postgresql://x:y@127.0.0.1:1/z", ring.folder, patience=0.1)
    everything = dict.fromkeys(("name", "born_on", "note"), Unreadable.UNAVAILABLE)
    assert await opened(Sealer(gone), found, at) == ({**plain, **everything}, everything)
    with pytest.raises(KeyringUnavailable):
        await Sealer(gone).keys_for([KeyRef(ada, "profile")], insist=True)
    with pytest.raises(KeyringUnavailable):
        await sealed(Sealer(gone), ada, at)
    await gone.close()

    await counted.destroy(ada, ["profile"])
    erased = dict.fromkeys(("name", "born_on"), Unreadable.ERASED)
    assert await opened(Sealer(counted), found, at) == ({**plain, **erased}, erased)
    with pytest.raises(SubjectErased):
        await sealed(Sealer(counted), ada, at)


async def test_a_field_that_was_moved_to_another_fact_is_broken_and_not_erased(
    counted: Counted, ada: UUID
) -> None:
    sealer, at = Sealer(counted), Attributes()
    found = await sealed(sealer, ada, at)
    with pytest.raises(SealBroken):
        await opened(sealer, found, Attributes())
    with pytest.raises(SealBroken):
        await opened(sealer, {**found, "name": found["born_on"]}, at)
    ben = uuid4()
    await sealer.keys_to_seal([KeyRef(ben, "profile"), KeyRef(ben, "casework")])
    with pytest.raises(SealBroken):
        await opened(sealer, {**found, "child_id": str(ben)}, at)


def test_what_could_not_be_read_can_not_be_recorded(ada: UUID) -> None:
    keys = {KeyRef(ada, "employment"): bytes(32), KeyRef(ada, "contact"): bytes(32)}
    engaged = MentorEngaged(
        mentor_id=ada, name="erased", email="ada@example.org", engaged_on=date(2026, 9, 1)
    )
    origin = Origin("uk-london", "assignments", "test", datetime(2026, 9, 1, tzinfo=UTC), "c", "c")
    assert encode(engaged, origin, ada, 1, keys=keys), "a person may have any name"
    with pytest.raises(Unrecordable, match="name is erased"):
        encode(engaged.model_copy(update={"name": Unreadable.ERASED}), origin, ada, 1, keys=keys)


async def test_all_who_wait_share_one_look_up(counted: Counted) -> None:
    refs = [KeyRef(uuid4(), "profile") for _ in range(40)]
    made = await Sealer(counted).keys_to_seal(refs)
    sealer, counted.calls = Sealer(counted), 0
    found = await asyncio.gather(*(sealer.keys_for([ref, refs[0]]) for ref in refs))
    assert all(
        answer == {ref: made[ref], refs[0]: made[refs[0]]} for ref, answer in zip(refs, found, strict=True)
    )
    assert counted.calls == 1
    await sealer.keys_for(refs)
    assert counted.calls == 1


async def test_a_key_is_held_no_longer_than_said_and_no_more_keys_than_said(counted: Counted) -> None:
    now = 1000.0
    sealer = Sealer(counted, most=2, seconds=60, clock=lambda: now)
    first, second, third = (KeyRef(uuid4(), "profile") for _ in range(3))
    await sealer.keys_to_seal([first, second])
    now += 59
    await sealer.keys_for([first])
    assert counted.calls == 1
    await sealer.keys_to_seal([third])
    assert counted.calls == 2
    await sealer.keys_for([first, third])
    assert counted.calls == 2, "the one used least of late had to go"
    now += 2
    await counted.destroy(first.subject_id, ["profile"])
    assert await sealer.keys_for([first]) == {first: Unreadable.ERASED}
    assert counted.calls == 3


async def test_whom_it_was_told_to_forget_it_asks_for_again(counted: Counted, ada: UUID) -> None:
    sealer, mine, other = Sealer(counted), KeyRef(ada, "profile"), KeyRef(uuid4(), "profile")
    await sealer.keys_to_seal([mine, other])
    await counted.destroy(ada, ["profile"])
    sealer.forget(ada)
    assert (await sealer.keys_for([mine, other]))[mine] is Unreadable.ERASED
    with pytest.raises(SubjectErased):
        await sealer.keys_to_seal([mine])


async def test_a_look_up_under_way_while_it_is_told_to_forget_is_not_kept(
    counted: Counted, ada: UUID
) -> None:
    mine = KeyRef(ada, "profile")
    await counted.make([mine])
    sealer, counted.hold = Sealer(counted), asyncio.Event()
    asked = asyncio.create_task(sealer.keys_for([mine]))
    async with asyncio.timeout(5):
        while counted.calls < 2:
            await asyncio.sleep(0)
    await counted.destroy(ada, ["profile"])
    sealer.forget(ada)
    counted.hold.set()
    await asked
    assert await sealer.keys_for([mine]) == {mine: Unreadable.ERASED}


async def test_damage_and_silence_are_not_remembered(counted: Counted, ring: Ring, ada: UUID) -> None:
    mine = KeyRef(ada, "profile")
    sealer = Sealer(counted)
    assert await sealer.keys_for([mine], insist=True) == {mine: Unreadable.UNAVAILABLE}, (
        "damage does not pass"
    )
    made = await counted.make([mine])
    assert await sealer.keys_for([mine]) == made


@pytest.mark.parametrize(("role", "keep"), [("test_teller", "safeguarding"), ("test_stranger", "profile")])
async def test_a_service_makes_no_key_of_a_class_that_is_not_its_own(
    ring: Ring, ada: UUID, role: str, keep: RetentionClass
) -> None:
    keyring = ring.keyring(role)
    with pytest.raises(NotGranted):
        await Sealer(keyring).keys_to_seal([KeyRef(ada, keep)])
    await keyring.close()


async def test_keys_that_many_make_at_once_are_made_together_and_one_refusal_is_its_own(
    counted: Counted, ada: UUID
) -> None:
    await counted.destroy(ada, ["profile"])
    sealer, refs = Sealer(counted), [KeyRef(uuid4(), "profile") for _ in range(30)]
    asked = [*refs[:15], KeyRef(ada, "profile"), *refs[15:]]
    found = await asyncio.gather(*(sealer.keys_to_seal([ref]) for ref in asked), return_exceptions=True)
    assert [type(answer) for answer in found] == [dict] * 15 + [SubjectErased] + [dict] * 15
    assert counted.calls == 2
    assert await sealer.keys_for(refs) == {ref: found[asked.index(ref)][ref] for ref in refs}  # type: ignore[index]


async def test_nobody_waits_for_a_sealer_that_was_closed(counted: Counted) -> None:
    sealer, counted.hold = Sealer(counted), asyncio.Event()
    first = asyncio.create_task(sealer.keys_for([KeyRef(uuid4(), "profile")]))
    async with asyncio.timeout(5):
        while not counted.calls:
            await asyncio.sleep(0)
        second = asyncio.create_task(sealer.keys_for([KeyRef(uuid4(), "profile")]))
        await asyncio.sleep(0)
        await sealer.close()
        answers = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(answer) for answer in answers] == [asyncio.CancelledError] * 2
