"""Every notification has its words in every language, on every channel, and no subject line tells of a person."""

from collections.abc import Iterator, Mapping
from typing import get_args

import pytest
from jinja2 import Environment, UndefinedError, meta

from services.notifications.channels.languages import book, codes, source
from services.notifications.channels.languages.manner import Manner
from services.notifications.channels.wording import DEFAULT_ZONE, strictly, worded
from services.notifications.domain.announcements import ANNOUNCED, announcement
from shared.contracts import eligibility
from shared.contracts.words import requests, sessions, support, telling, training
from shared.contracts.words.telling import Language, NotificationType, RecipientRole
from tests.support.examples import examples

TYPES: tuple[NotificationType, ...] = get_args(NotificationType)
LANGUAGES: tuple[Language, ...] = get_args(Language)
ROLES: tuple[RecipientRole, ...] = get_args(RecipientRole)

# What a subject line may be given: numbers, and words of closed lists that are about training and vetting.
IMPERSONAL = frozenset({"minutes", "hours", "days_left", "track", "clearance"})

# What a fact may leave out, and the examples do.
SOMETIMES = frozenset({"effective_until"})

# Types that no other service's fact leads to by itself: what reminders and the system give them.
GIVEN: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "session_reminder": ({"starts_at": "2026-09-07T08:00:00+00:00"},),
    "log_due": ({"log_due_at": "2026-09-08T10:00:00+00:00"},),
    "training_due": ({"track": "slt", "due_on": "2026-10-01"},),
    "digest": ({},),
}


def parameters(type: str) -> Iterator[Mapping[str, str]]:
    """What texts of this type are given, by every example of a fact that leads to it."""
    yield from GIVEN.get(type, ())
    for fact, example in examples().items():
        if fact in ANNOUNCED:
            said = announcement(example)  # type: ignore[arg-type]
            if said.type == type:
                yield said.parameters


def used(text: str, language: str = "en") -> set[str]:
    env = Environment()
    env.filters.update(book(language, DEFAULT_ZONE).manner.filters())
    return meta.find_undeclared_variables(env.parse(text))


def texts(type: str, language: str) -> Iterator[str]:
    text = book(language, DEFAULT_ZONE).texts[type]
    yield text.subject
    yield from text.happened.values()
    yield from text.todo.values()


def test_there_is_a_file_for_each_language_and_a_word_of_the_list_for_each_file() -> None:
    assert set(codes()) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_type_has_its_text_and_every_language_the_same_frame(language: Language) -> None:
    found = source(language)
    assert set(found["texts"]) == set(TYPES)
    for part in ("frame", "words", "lacking"):
        assert set(found[part]) == set(source("en")[part])
    for type in TYPES:
        assert found["texts"][type].get("link_only") == source("en")["texts"][type].get("link_only")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("type", TYPES)
def test_every_type_can_be_written_to_every_role(type: NotificationType, language: Language) -> None:
    given = list(parameters(type))
    assert given, f"no example leads to {type}"
    for values in given:
        for role in ROLES:
            words = strictly(book(language, DEFAULT_ZONE), type, values, role)
            for line in (words.subject_line, words.happened, words.todo):
                assert line.strip() == line
                assert line
                assert "_" not in line, "a word of a closed list that nobody has written"
                assert "{" not in line
                assert "  " not in line
            assert words.happened.endswith(".")
            assert words.todo.endswith(".")
            assert len(words.subject_line) <= 110


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("type", TYPES)
def test_texts_use_only_what_they_are_given(type: NotificationType, language: Language) -> None:
    """Else a text would for ever leave out what it should tell."""
    given = {name for values in parameters(type) for name in values}
    for text in texts(type, language):
        assert used(text, language) <= given | SOMETIMES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("type", TYPES)
def test_no_subject_line_takes_anything_personal(type: NotificationType, language: Language) -> None:
    subject = book(language, DEFAULT_ZONE).texts[type].subject
    assert used(subject, language) <= IMPERSONAL


def test_the_check_of_subject_lines_can_fail() -> None:
    assert not used("About {{ child }}") <= IMPERSONAL
    assert not used("{% if absent_from is defined %}{{ absent_from | day }}{% endif %}") <= IMPERSONAL


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_lists_that_texts_tell_is_written(language: Language) -> None:
    told = [
        support.Requester, support.Role, support.DeclineReason, sessions.CancelReason, sessions.CancelledBy,
        sessions.RescheduleReason, sessions.Activity, training.Track, training.ClearanceKind,
        requests.WaitlistReason, requests.TransferReason, requests.TransferRejection, eligibility.Item,
    ]  # fmt: skip
    words = source(language)["words"]
    assert {word for listed in told for word in get_args(listed)} <= set(words)


def test_a_concern_says_nothing_outside_the_inbox() -> None:
    for language in LANGUAGES:
        words = worded("safeguarding_concern", language, {})
        assert words.link_only
        assert words.subject_line == source(language)["texts"]["safeguarding_concern"]["subject"]
        for telling_word in ("safeguard", "concern", "child", "diogelu", "pryder", "plentyn"):
            assert telling_word not in words.subject_line.lower()


def test_a_missing_parameter_is_an_error_in_tests_and_still_tells_somebody_in_earnest() -> None:
    with pytest.raises(UndefinedError):
        strictly(book("en", DEFAULT_ZONE), "certification_expired", {"track": "slt"})
    words = worded("certification_expired", "en", {"track": "slt"})
    assert words.subject_line == "Certification expired"
    assert "inbox" in words.todo


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("en", "7 September 2026", "Monday 7 September 2026 at 09:00"),
        ("cy", "7 Medi 2026", "Dydd Llun 7 Medi 2026 am 09:00"),
    ],
)
def test_dates_are_the_readers_and_times_the_schools(language: str, day: str, moment: str) -> None:
    manner: Manner = book(language, "Europe/London").manner
    assert manner.day("2026-09-07") == day
    assert manner.moment("2026-09-07T08:00:00+00:00") == moment
    assert "10:00" in book(language, "Europe/Paris").manner.moment("2026-09-07T08:00:00Z")


def test_a_moment_of_a_session_is_told_on_the_clock_of_its_school() -> None:
    values = {"starts_at": "2026-09-07T08:00:00+00:00", "time_zone": "Europe/Lisbon", "minutes": "10"}
    words = worded("session_changed", "en", values, "mentor", "Europe/Paris")
    assert "at 09:00" in words.happened


def test_what_is_lacking_is_told_in_words() -> None:
    lacking = book("en", DEFAULT_ZONE).manner.lacking
    assert lacking("slt lapsed 2026-11-02; identity missing") == (
        "speech and language training ran out on 2 November 2026; proof of identity is missing"
    )


def test_the_same_is_said_differently_to_whom_it_is_about() -> None:
    values = {"suspended_on": "2026-11-02"}
    assert worded("mentor_suspended", "en", values, "mentor").happened.startswith("You are suspended")
    assert worded("mentor_suspended", "en", values, "manager").happened.startswith("A mentor is suspended")


def test_the_lists_of_channels_and_languages_are_those_that_there_are() -> None:
    assert get_args(telling.Channel) == ("in_app", "email", "sms")
