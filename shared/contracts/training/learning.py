"""The facts of what learning systems state about mentors, in the words of xAPI."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.training.course import CourseId
from shared.contracts.words.ids import MentorId

StatementId = Annotated[UUID, Field(description="the statement, as its sender numbered it")]
Registration = Annotated[UUID | None, Field(description="the attempt that it belongs to, when it says one")]
HappenedAt = Annotated[datetime, Field(description="when it happened, as stated; else when it came")]
Statement = Annotated[
    str,
    Personal(of="mentor_id", keep="employment"),
    Field(description="the statement as it came, as JSON"),
]


@published("training.LearningStated.v1", aggregate="delivery")
class LearningStated(Fact):
    """A learning system stated something about a mentor. Whether it completes a course is decided after."""

    statement_id: StatementId
    mentor_id: MentorId
    verb: Annotated[
        str, Field(description="its IRI when it is one that is acted upon, else urn:sha256 of the IRI")
    ]
    activity: Annotated[
        str | None,
        Field(description="urn:sha256 of the activity's IRI; None when it is about something else"),
    ]
    course_id: Annotated[
        CourseId | None, Field(description="the course that the activity is; None when it is none of ours")
    ]
    registration: Registration
    refers_to: Annotated[UUID | None, Field(description="the statement that this one is about, if it is")]
    success: Annotated[bool | None, Field(description="its result.success; None when it says nothing")]
    happened_at: HappenedAt
    statement: Statement


@published("training.LearningVoided.v1", aggregate="delivery")
class LearningVoided(Fact):
    """A learning system took a statement back. What it had completed is revoked."""

    statement_id: StatementId
    mentor_id: MentorId
    voided_statement_id: Annotated[UUID, Field(description="the statement that counts no more")]
    registration: Registration
    happened_at: HappenedAt
    statement: Statement
