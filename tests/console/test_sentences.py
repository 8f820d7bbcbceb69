"""Every fact is told in a sentence of its own, which makes sense of what it tells."""

import pytest

from shared.contracts.fact import Contract
from shared.telling.sentences import sentence
from tests.support.examples import examples, house_contracts


@pytest.mark.parametrize("contract", house_contracts(), ids=lambda contract: contract.topic)
def test_every_fact_has_a_sentence(contract: Contract) -> None:
    """One that has none, or that names a field which is not there, is told by the fact's name alone."""
    data = examples()[contract.model].model_dump(mode="json")
    said = sentence({"type": contract.topic, "data": data}, {str(data.get("mentor_id")): "Ann Lee"})
    name = contract.topic.split(".")[1]
    assert said.replace(" ", "").rstrip(".") != name, "write a sentence in shared/telling/sentences.py"
    assert not [sign for sign in ("{", "}", "None", "_") if sign in said], said


def test_days_and_moments_are_told_as_people_tell_them() -> None:
    data = {"mentor_id": "m", "days": ["2026-10-05", "2026-10-06"]}
    covers = sentence({"type": "assignments.CoverAccepted.v1", "data": data}, {"m": "Ann Lee"})
    assert covers == "Ann Lee covers 5 Oct 2026, 6 Oct 2026."
    left = {"mentor_id": "m", "track": "slt", "valid_from": "2026-05-20", "valid_until": None}
    certified = sentence({"type": "training.CertificationGranted.v1", "data": left}, {"m": "Ann Lee"})
    assert certified == "Ann Lee is certified in SLT from 20 May 2026, to no end."


@pytest.mark.parametrize("state", ["erased", "withheld", "unavailable"])
def test_what_cannot_be_read_is_told_as_what_it_is(state: str) -> None:
    fact = {"type": "assignments.ChildAccepted.v1", "data": {"name": state, "accepted_on": "2026-06-08"}}
    assert sentence(fact, {}) == f"[{state}] was accepted."
