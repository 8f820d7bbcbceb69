"""Courses and programmes, commanded in any order."""

from collections.abc import Sequence
from datetime import date
from typing import get_args
from uuid import UUID

from hypothesis import strategies as st

from services.training.domain.course import Draft, Publish, PublishDraft, Retire, course
from services.training.domain.programme import SetProgramme, programme
from shared.contracts.fact import Fact
from shared.contracts.training.course import CourseDrafted, CoursePublished, CourseRetired
from shared.contracts.training.programme import ProgrammeSet, Requirement
from shared.contracts.words.training import Track
from tests.support.machines import at_most_once, ends_with, only_after, run_machine

TRACKS: tuple[Track, ...] = get_args(Track)
DAYS = st.dates(date(2026, 9, 1), date(2026, 9, 20))


def test_a_course_is_published_once_retired_once_and_is_never_edited_afterwards() -> None:
    what = {
        "course_id": st.just(UUID(int=1)),
        "track": st.sampled_from(["slt", "safeguarding", "induction"]),
        "title": st.sampled_from(["Listening", ""]),
        "version": st.just(1),
        "valid_months": st.sampled_from([None, 0, 12, 24]),
        "on": DAYS,
    }
    commands = st.one_of(
        st.builds(Draft, **what),
        st.builds(Publish, **what),
        st.builds(PublishDraft, on=DAYS),
        st.builds(Retire, on=DAYS),
    )

    def safeguarding_is_for_a_year(facts: Sequence[Fact]) -> None:
        for fact in facts:
            if isinstance(fact, CoursePublished) and fact.track == "safeguarding":
                assert fact.valid_months in range(1, 13)

    run_machine(
        course,
        commands,
        at_most_once(CoursePublished),
        only_after(CoursePublished, CourseDrafted),
        ends_with(CoursePublished, but=(CourseRetired,)),
        ends_with(CourseRetired),
        safeguarding_is_for_a_year,
        reaches=3,
    )


def test_a_learning_mentors_programme_is_never_without_a_required_track() -> None:
    requirements = st.lists(
        st.builds(
            Requirement,
            track=st.sampled_from(TRACKS),
            valid_months=st.sampled_from([None, 12]),
            window_days=st.just(90),
            renew_before_days=st.just(14),
            complete_within_days=st.just(60),
        ),
        max_size=6,
    )
    whole = st.just(
        [
            Requirement(
                track=track,
                valid_months=None if track == "induction" else 12,
                window_days=90,
                renew_before_days=14,
                complete_within_days=60,
            )
            for track in TRACKS
        ]
    )
    commands = st.builds(
        SetProgramme,
        role=st.just("learning_mentor"),
        requirements=(requirements | whole).map(tuple),
        effective_from=DAYS,
        on=st.just(date(2026, 9, 5)),
    )

    def whole_and_never_in_the_past(facts: Sequence[Fact]) -> None:
        for fact in facts:
            assert isinstance(fact, ProgrammeSet)
            assert {one.track for one in fact.requirements} == {*TRACKS}
            assert fact.effective_from >= date(2026, 9, 5)

    run_machine(programme, commands, whole_and_never_in_the_past, reaches=1)
