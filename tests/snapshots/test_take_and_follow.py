"""A snapshot and what follows are every fact once, whatever is recorded meanwhile."""

import asyncio
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from deploy.snapshots import files, manifest, reading
from deploy.snapshots import folder as rounds
from deploy.snapshots.cut import cut
from deploy.snapshots.files import flat
from deploy.snapshots.folder import Busy, Occupied
from deploy.snapshots.leaving import SERVICES
from deploy.snapshots.pseudonyms import pseudonyms
from deploy.snapshots.tables import tables_of
from deploy.snapshots.taking import Changed
from deploy.snapshots.verifying import verify
from shared.kernel.store import Store
from tests.snapshots.region import Region, all_rows, leaving, staying


async def writing(region: Region, service: str, stop: asyncio.Event) -> None:
    """Facts of every kind, until told to stop."""
    facts = [*leaving(service)[:9], *staying(service)]
    async with await Store.open(region.databases[service]) as store:
        while not stop.is_set():
            await region.append(store, service, *facts)


async def test_a_snapshot_and_what_follows_are_a_later_snapshot_row_for_row(
    region: Region, tmp_path: Path
) -> None:
    stop = asyncio.Event()
    writers = [asyncio.create_task(writing(region, service, stop)) for service in SERVICES]
    taker = region.taker(tmp_path / "followed")
    taken = [await taker.take("parquet")]
    while len(taken) < 4:
        if found := await taker.follow():
            taken.append(found)
    stop.set()
    await asyncio.gather(*writers)
    if found := await taker.follow():
        taken.append(found)
    whole = await region.taker(tmp_path / "later").take("parquet")

    assert taken[-1].positions == whole.positions == await cut(region.databases)
    assert sum(one.rows > 0 for one in taken) > 2
    assert all_rows(tmp_path / "followed") == all_rows(tmp_path / "later")
    for folder in ("followed", "later"):
        checked = verify(tmp_path / folder)
        assert checked.findings == []
        assert checked.rows == whole.rows
    assert sum(one.left_out for one in whole.services.values()) > 0


async def test_nothing_new_is_no_round(region: Region, tmp_path: Path) -> None:
    await region.record("sessions", *leaving("sessions"))
    taker = region.taker(tmp_path)
    await taker.take("parquet")
    assert await taker.follow() is None
    assert [one.name for one in rounds.rounds(tmp_path)] == ["000001"]


async def test_a_cut_has_the_cause_of_whatever_is_in_it(region: Region) -> None:
    """Each fact of sessions follows from the one of assignments with the same number."""
    [cause], [effect] = leaving("assignments")[:1], leaving("sessions")[:1]
    stop = asyncio.Event()

    async def consequences() -> None:
        async with (
            await Store.open(region.databases["assignments"]) as first,
            await Store.open(region.databases["sessions"]) as second,
        ):
            while not stop.is_set():
                await region.append(first, "assignments", cause)
                await region.append(second, "sessions", effect)

    going = asyncio.create_task(consequences())
    cuts = [await cut(region.databases) for _ in range(25)]
    stop.set()
    await going
    assert all(0 <= one["assignments"] - one["sessions"] <= 1 for one in cuts)
    assert cuts[-1]["sessions"] > cuts[0]["sessions"]


@pytest.mark.parametrize("most", [files.MOST_PENDING, 5])
async def test_the_same_positions_are_the_same_bytes(
    region: Region, tmp_path: Path, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_PENDING", most)
    monkeypatch.setattr(reading, "CHUNK", 10)
    for service in SERVICES:
        await region.record(service, *leaving(service)[:15], *leaving(service)[:10])
    one = await region.taker(tmp_path / "one").take("parquet")
    tables_of.cache_clear()
    two = await region.taker(tmp_path / "two").take("parquet")
    assert one.tables == two.tables
    assert one.services == two.services
    for held in one.tables:
        written = [(tmp_path / name / "000001" / held.file).read_bytes() for name in ("one", "two")]
        assert written[0] == written[1]
    whole = verify(tmp_path / "one")
    assert (whole.findings, whole.rows) == ([], 25 * len(SERVICES))


async def test_csv_says_what_parquet_says(region: Region, tmp_path: Path) -> None:
    for service in SERVICES:
        await region.record(service, *leaving(service))
    parquet = await region.taker(tmp_path / "parquet").take("parquet")
    csv = await region.taker(tmp_path / "csv").take("csv")
    assert [held.topic for held in parquet.tables] == [held.topic for held in csv.tables]
    for held in parquet.tables:
        wanted = pa.parquet.read_table(tmp_path / "parquet/000001" / held.file)
        schema = flat(wanted.schema)
        asked = pa.csv.ConvertOptions(
            column_types=schema, strings_can_be_null=True, quoted_strings_can_be_null=False
        )
        path = tmp_path / "csv/000001" / f"facts/{held.topic}.csv"
        found = pa.csv.read_csv(path, convert_options=asked)
        assert found.column_names == wanted.column_names
        for name in found.column_names:
            assert _plain(found.column(name).to_pylist()) == _plain(wanted.column(name).to_pylist()), name
    assert verify(tmp_path / "csv").findings == []


def _plain(values: list[object]) -> list[object]:
    """Lists and structures as the JSON that a CSV's cell has."""
    return [
        json.loads(str(one)) if _is_json(one) else json.loads(json.dumps(one, default=str)) for one in values
    ]


def _is_json(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("[", "{"))


async def test_a_house_that_is_another_is_not_followed(region: Region, tmp_path: Path) -> None:
    await region.record("sessions", *leaving("sessions"))
    await region.taker(tmp_path).take("parquet")
    await region.record("training", *leaving("training"))
    with pytest.raises(Changed, match="another key"):
        await region.taker(tmp_path, pseudonyms("analysts", b"b" * 32)).follow()
    swapped = {**region.databases, "sessions": region.databases["training"]}
    with pytest.raises(Changed, match=r"another than the one exported|backup was restored"):
        await Region(swapped).taker(tmp_path).follow()
    with pytest.raises(Changed, match="whose store is not here"):
        await Region({"training": region.databases["training"]}).taker(tmp_path).follow()
    assert verify(tmp_path).rounds == 1


async def test_a_folder_has_one_writer_and_one_first_round(region: Region, tmp_path: Path) -> None:
    await region.record("sessions", *leaving("sessions"))
    taker = region.taker(tmp_path / "copy")
    with rounds.writing(tmp_path / "copy"), pytest.raises(Busy):
        await taker.take("parquet")
    await taker.take("parquet")
    with pytest.raises(Occupied, match="follow it"):
        await taker.take("parquet")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "draft.txt").touch()
    with pytest.raises(Occupied, match=r"draft\.txt"):
        await region.taker(tmp_path / "letters").take("parquet")


async def test_a_manifest_says_what_its_files_are(region: Region, tmp_path: Path) -> None:
    await region.record("sessions", *leaving("sessions"))
    taken = await region.taker(tmp_path).take("parquet", ("sessions.SessionLogged.*",))
    [held] = taken.tables
    assert held.topic == "sessions.SessionLogged.v1"
    assert held.left_out == {"notes": "personal", "late_reason": "personal"}
    schema = pa.parquet.read_schema(tmp_path / "000001" / held.file)
    assert [(one.name, one.type) for one in held.columns] == [(one.name, str(one.type)) for one in schema]
    assert schema.metadata[b"alongside.schema"].decode() == held.schema_sha256
    assert taken.services["sessions"].rows == 1
    assert taken.services["sessions"].left_out == len(leaving("sessions")) - 1
    assert manifest.read(tmp_path / "000001" / manifest.FILE)[0] == taken
