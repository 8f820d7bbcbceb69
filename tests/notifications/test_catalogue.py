"""The catalogue holds together: everybody is there, every text can be written, and the page tells of it."""

from itertools import product
from pathlib import Path
from re import findall
from typing import get_args

import pytest

from services.notifications.channels.wording import worded
from services.notifications.domain.announcements import ANNOUNCED, announcement
from services.notifications.domain.catalogue import CATALOGUE
from services.notifications.domain.catalogue.page import page
from shared.contracts.assignments.concern import SafeguardingConcernRaised
from shared.contracts.fact import Fact
from shared.contracts.words.telling import Category, Language, NotificationType, RecipientRole
from tests.support.examples import example

PAGE = Path(__file__).parents[2] / "docs" / "notifications.md"
NAMES = ("Ada", "Hartley", "Grace", "Okafor", "Ruth", "Bello", "Fernhollow")
LANGUAGES = get_args(Language)


def test_the_page_is_the_catalogue() -> None:
    assert PAGE.read_text() == page()


def test_every_type_has_its_entry_and_every_category_its_types() -> None:
    assert set(CATALOGUE) == set(get_args(NotificationType))
    assert {entry.category for entry in CATALOGUE.values()} == set(get_args(Category))


@pytest.mark.parametrize("type", list(CATALOGUE))
def test_whoever_must_acknowledge_is_told_and_what_is_superseded_exists(type: NotificationType) -> None:
    entry = CATALOGUE[type]
    told = frozenset[RecipientRole]().union(*entry.audience.values())
    if entry.acknowledgement is not None:
        assert entry.acknowledgement.by in told
    assert entry.supersedes <= set(CATALOGUE)
    assert told or entry.type == "digest"
    assert "in_app" in entry.channels or entry.type == "digest"


@pytest.mark.parametrize("of", ANNOUNCED)
def test_what_is_said_is_plain_and_of_a_step_that_the_catalogue_knows(of: type[Fact]) -> None:
    said = announcement(example(of))  # type: ignore[arg-type]
    assert said.only_role or said.step in CATALOGUE[said.type].audience
    assert said.thread
    for value in said.parameters.values():
        assert value
        assert not any(name in value for name in NAMES)


@pytest.mark.parametrize(("of", "language"), list(product(ANNOUNCED, LANGUAGES)))
def test_no_subject_line_tells_anything_personal_in_any_language(of: type[Fact], language: Language) -> None:
    """Not whom it is about, not when, not why."""
    said = announcement(example(of))  # type: ignore[arg-type]
    subjects = {
        worded(said.type, language, said.parameters, role).subject_line for role in get_args(RecipientRole)
    }
    for subject in subjects:
        assert subject
        assert not any(name in subject for name in NAMES)
        assert not any(len(value) > 6 and value in subject for value in said.parameters.values())
        assert set(findall(r"\d+", subject)) <= {said.step}, (
            "a number is that of a ladder, never a day or time"
        )


def test_only_the_safeguarding_lead_hears_of_a_concern_and_only_that_there_is_one() -> None:
    entry = CATALOGUE["safeguarding_concern"]
    assert entry.audience == {"": frozenset({"dsl"})}
    raised = example(SafeguardingConcernRaised)
    said = announcement(raised)
    assert (said.child_id, said.mentor_id, said.school_id, said.session_id) == (None, None, None, None)
    assert dict(said.parameters) == {"concern_id": str(raised.concern_id)}
