"""Every question of every service, asked by everybody for everything: no class reaches whom it may not."""

import os
from collections import defaultdict

import pytest

from shared.contracts.words.privacy import RetentionClass
from shared.kernel.sight import PEOPLE, SEES
from tests.sight.canaries import SERVICES, classes_in, questions, service_of
from tests.sight.telling import telling
from tests.support.people import MONDAY_NINE
from tests.support.served import served

EVERY = "ALONGSIDE_EXPLORE" in os.environ
MOST = 0.6
"""The share of questions that the examples answer; of the others they tell nothing."""
SHOWN: dict[str, frozenset[RetentionClass]] = {
    "assignments": PEOPLE | {"safeguarding"},
    "sessions": frozenset({"casework"}),
    "training": frozenset({"employment"}),
    "notifications": frozenset({"profile", "employment", "contact"}),
    "audit": PEOPLE,
}
"""What each service shows to somebody: if it did not, this test would see nothing."""


@pytest.mark.parametrize("name", SERVICES)
async def test_no_class_of_personal_data_reaches_a_role_without_it(name: str, database_url: str) -> None:
    service = service_of(name)
    seen: defaultdict[RetentionClass, set[str]] = defaultdict(set)
    leaks: list[str] = []
    answered: set[str] = set()
    async with served(service, database_url, MONDAY_NINE) as house:
        await telling(house)
        for question in questions(service, every=EVERY):
            answer = await house.client.get(question.path, params=question.params, headers=question.headers)
            assert answer.status_code < 500, f"{question}: {answer.text}"
            if answer.status_code == 200:
                answered.add(question.path)
            for keep in classes_in(answer):
                seen[keep].add(question.role)
                if keep not in SEES[question.role][question.purpose]:
                    leaks.append(f"{keep} to {question.role} for {question.purpose} at {question.path}")
    assert not leaks, "\n".join(leaks)
    assert SHOWN[name] <= seen.keys()
    asked = {question.path for question in questions(service, every=False)}
    assert len(answered) >= MOST * len(asked), f"the examples answer too little: {asked - answered}"
