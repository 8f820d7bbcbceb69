"""Keys that change, and the page on which anybody verifies."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from services.training.agency import agency
from services.training.badges.keys import fresh
from tests.support.served import REGION, Served
from tests.training.badges.holding import certified, checked, download, parts, verified


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Sets the agency's keys."""

    def give(text: str) -> None:
        monkeypatch.setenv("ALONGSIDE_BADGE_KEYS", text)
        agency.cache_clear()

    yield give
    monkeypatch.undo()
    agency.cache_clear()


async def test_a_new_key_signs_and_the_one_before_goes_on_verifying(training: Served, keys: Any) -> None:
    first = fresh()
    keys(first)
    one = await certified(training)
    old = await download(training, one)
    keys(fresh(first))
    new = await download(training, one)
    assert parts(old)[0]["kid"] != parts(new)[0]["kid"]
    before, after = await checked(training, old), await checked(training, new)
    assert before == after, "whom it is of does not change with the key"
    assert [await verified(training, token) for token in (old, new)] == ["valid", "valid"]
    keys(fresh())
    assert await verified(training, old) == "not_ours"


async def test_the_page_is_plain_and_says_no_more_than_asked(training: Served) -> None:
    answer = await training.client.get("/training/badges/verify")
    assert "script" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert '<label for="credential">' in answer.text
    wrong = await training.client.post("/training/badges/verify", data={"credential": "<b>x</b>" * 10})
    assert "<b>x" not in wrong.text
    many = await training.client.post("/training/badges/verify", data={str(n): "x" for n in range(30)})
    assert "not a credential" in many.text
    too_long = await training.client.post("/training/badges/verification", json={"credential": "x" * 30_000})
    assert too_long.status_code == 422
    assert REGION not in answer.text
    assert UUID(int=0).hex not in answer.text
