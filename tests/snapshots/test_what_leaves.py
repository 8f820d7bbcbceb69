"""What is personal, restricted or free text never leaves, and ids leave as pseudonyms."""

import stat
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from deploy.snapshots.leaving import PLAIN_TEXTS, SERVICES, leaves
from deploy.snapshots.pseudonyms import NoKey, kept, pseudonyms
from deploy.snapshots.tables import NoSuchFacts, table_of, wanted
from shared.contracts.fact import Fact, contract_of
from tests.snapshots.region import ANALYSTS, Region, all_rows, ids_in, leaving, staying
from tests.support.examples import examples, house_contracts

CANARY = "Wilhelmina Quarterstaff"


def marked(fact: Fact) -> Fact:
    """The same with unmistakable words in every text that is personal or may say anything."""
    contract = contract_of(fact)
    texts = {
        name: CANARY
        for name, field in contract.model.model_fields.items()
        if isinstance(dict(fact)[name], str)
        and field.annotation in (str, str | None)
        and f"{contract.name}.{name}" not in PLAIN_TEXTS
    }
    return fact.model_copy(update=texts)


def everything_in(folder: Path) -> str:
    """The text of every file, and of what is packed in it."""
    raw = [path.read_bytes().decode(errors="replace") for path in folder.rglob("*") if path.is_file()]
    return "".join(raw) + (repr(all_rows(folder)) if list(folder.rglob("*.parquet")) else "")


@pytest.mark.parametrize("files", ["parquet", "csv"])
async def test_no_personal_word_and_no_id_is_in_any_file(region: Region, tmp_path: Path, files: str) -> None:
    ids: set[str] = set()
    for service in SERVICES:
        facts = [marked(fact) for fact in [*leaving(service), *staying(service)]]
        ids = ids.union(*(ids_in(fact.model_dump()) for fact in facts))
        await region.record(service, *facts, by=f"coordinator:{CANARY}")
    taken = await region.taker(tmp_path).take("csv" if files == "csv" else "parquet")
    said = everything_in(tmp_path)
    assert taken.rows == sum(len(leaving(service)) for service in SERVICES)
    assert len(ids) > 20
    assert [one for one in ids if one in said] == []
    assert "Wilhelmina" not in said
    assert "Quarterstaff" not in said
    assert "sealed:v1" not in said


def test_facts_that_few_may_know_of_and_looks_at_records_have_no_table() -> None:
    stay = {found.topic for found in house_contracts() if not leaves(found)}
    assert {found.topic for found in house_contracts() if found.restricted} <= stay
    assert {
        found.topic for found in house_contracts() if found.name in ("RecordViewed", "SubjectForgotten")
    } <= stay
    assert not stay & {contract_of(fact).topic for service in SERVICES for fact in leaving(service)}
    with pytest.raises(NoSuchFacts, match="SafeguardingConcernRaised"):
        wanted(["assignments.SafeguardingConcernRaised.v1"])


def test_every_text_that_leaves_is_a_field_of_a_contract() -> None:
    """A name left behind in the list would let a later field of that name out unseen."""
    fields = {f"{found.name}.{name}" for found in house_contracts() for name in found.model.model_fields}
    assert {one for one in PLAIN_TEXTS if one not in fields} == {"Slot.starts"}


def test_every_other_text_is_an_id_a_person_or_a_word_of_a_closed_list() -> None:
    for service in SERVICES:
        for fact in leaving(service):
            contract = contract_of(fact)
            texts = {name: value for name, value in dict(fact).items() if type(value) is str}
            table = table_of(contract, ANALYSTS)
            for column in table.columns:
                if column.name in texts and f"{contract.name}.{column.name}" not in PLAIN_TEXTS:
                    closed = contract.model.model_fields[column.name].annotation is not str
                    assert closed or column.name.endswith("_by"), (contract.topic, column.name)


def test_one_id_is_one_pseudonym_for_a_recipient_and_another_for_another() -> None:
    ours, theirs = pseudonyms("ours", b"1" * 32), pseudonyms("theirs", b"2" * 32)
    mentor = "018f4e2a-0000-7000-8000-000000000001"
    assert ours.of_id(mentor) == pseudonyms("ours", b"1" * 32).of_id(mentor)
    assert len({mentor, ours.of_id(mentor), theirs.of_id(mentor), ours.of_person(mentor)}) == 4
    assert (UUID(ours.of_id(mentor)).version, UUID(ours.of_id(mentor)).variant) == (
        8,
        "specified in RFC 4122",
    )
    assert ours.mark != theirs.mark


def test_a_recipients_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    with pytest.raises(NoKey):
        kept(tmp_path, "analysts", make=False)
    first = kept(tmp_path, "analysts")
    file = tmp_path / "snapshot-keys" / "analysts.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert kept(tmp_path, "analysts").mark == first.mark
    assert kept(tmp_path, "council").mark != first.mark
    assert first.mark not in file.read_text()
    file.chmod(0o640)
    with pytest.raises(NoKey, match="chmod 600"):
        kept(tmp_path, "analysts")
    for name in ("../analysts", "", "An"):
        with pytest.raises(NoKey, match="no name"):
            kept(tmp_path, name)


async def test_rows_join_as_the_facts_did(region: Region, tmp_path: Path) -> None:
    joined = {"SessionScheduled", "SessionLogged", "MentorLeft"}
    for service in SERVICES:
        await region.record(service, *(one for one in leaving(service) if type(one).__name__ in joined))
    await region.taker(tmp_path).take("parquet")
    rows = all_rows(tmp_path)
    told = {contract_of(model).topic: fact for model, fact in examples().items()}
    scheduled = dict(told["sessions.SessionScheduled.v1"])
    [logged], [exported] = rows["sessions.SessionLogged.v1"], rows["sessions.SessionScheduled.v1"]
    assert logged["mentor_id"] == exported["mentor_id"] == ANALYSTS.of_id(str(scheduled["mentor_id"]))
    assert exported["starts_at"] == scheduled["starts_at"]
    assert exported["actor_role"] == "coordinator"
    [left] = rows["assignments.MentorLeft.v1"]
    assert isinstance(left["left_on"], date)
