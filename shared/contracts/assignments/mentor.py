"""The facts of a mentor's employment."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.words.ids import MentorId


@published("assignments.MentorEngaged.v1", aggregate="mentor")
class MentorEngaged(Fact):
    """A learning mentor works for the agency; says nothing of being fit to be with a child."""

    mentor_id: MentorId
    name: Annotated[str, Personal(of="mentor_id"), Field(description="the mentor's full name")]
    email: Annotated[str, Personal(of="mentor_id"), Field(description="where the mentor reads e-mail")]
    engaged_on: Annotated[date, Field(description="first day of employment")]


@published("assignments.MentorLeft.v1", aggregate="mentor")
class MentorLeft(Fact):
    """A mentor no longer works for the agency."""

    mentor_id: MentorId
    left_on: Annotated[date, Field(description="first day without the mentor")]
