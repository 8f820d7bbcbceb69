"""Chapters 9 to 19: a school year in miniature, and what an auditor asks at its end."""

from deploy.demo import (
    absences,
    asked,
    candidates,
    changing,
    missed,
    moving,
    payday,
    renewals,
    suspended,
    terms,
    weeks,
)
from deploy.demo.calling import House
from deploy.demo.contact import Meetings
from deploy.demo.matching import Assignment
from deploy.demo.register import School


async def play(
    house: House, school: School, courses: dict[str, str], made: Assignment, meetings: Meetings
) -> None:
    """`made` and `meetings` are of the chapters before; the auditor asks about them too."""
    cast = await candidates.play(house, school, courses)
    periods = await terms.play(house, cast)
    week = await weeks.play(house, cast)
    await missed.play(house, cast)
    await absences.play(house, cast)
    await payday.play(house, cast, periods, week)
    await suspended.play(house, cast)
    await moving.play(house, cast)
    known_at = await renewals.play(house, cast, courses, periods)
    begins = await changing.play(house, cast)
    await asked.play(house, cast, known_at, begins, made, meetings)
