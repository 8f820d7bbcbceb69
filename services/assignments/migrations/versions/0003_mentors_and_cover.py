"""Mentors and cover."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003_mentors_and_cover"
down_revision = "0002_requests"


def upgrade() -> None:
    mentors()
    assignments()
    cover()


def mentors() -> None:
    op.alter_column("mentors", "engaged_on", nullable=True)
    op.add_column(
        "mentors", sa.Column("employment", sa.Text, nullable=False, server_default=sa.text("'engaged'"))
    )
    op.execute("UPDATE mentors SET employment = 'left' WHERE left_on IS NOT NULL")
    op.alter_column("mentors", "employment", server_default=None)
    for column in ("applied_on", "leave_from", "expected_back_on"):
        op.add_column("mentors", sa.Column(column, sa.Date))
    op.create_table(
        "compliance",
        sa.Column("mentor_id", sa.Uuid, primary_key=True),
        sa.Column("standing", sa.Text),
        sa.Column("since", sa.Date),
        sa.Column("reasons", JSONB),
        sa.Column("suspended_on", sa.Date),
    )
    op.create_table(
        "mentor_leaves",
        sa.Column("mentor_id", sa.Uuid, primary_key=True),
        sa.Column("leave_from", sa.Date, primary_key=True),
        sa.Column("expected_back_on", sa.Date),
        sa.Column("kind", sa.Text),
        sa.Column("returned_on", sa.Date),
    )
    op.create_table(
        "mentor_absences",
        sa.Column("mentor_id", sa.Uuid, primary_key=True),
        sa.Column("absent_from", sa.Date, primary_key=True),
        sa.Column("absent_until", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "mentor_availabilities",
        sa.Column("mentor_id", sa.Uuid, primary_key=True),
        sa.Column("effective_from", sa.Date, primary_key=True),
        sa.Column("minutes_per_week", sa.Integer, nullable=False),
        sa.Column("weekdays", sa.ARRAY(sa.Text), nullable=False),
    )
    op.create_table(
        "mentor_profiles",
        sa.Column("mentor_id", sa.Uuid, primary_key=True),
        *(
            sa.Column(name, sa.ARRAY(sa.Text), nullable=False)
            for name in ("areas", "curriculum_levels", "experience", "languages")
        ),
        sa.Column("town", sa.Text),
        sa.Column("postcode_district", sa.Text),
        sa.Column("updated_on", sa.Date, nullable=False),
    )


def assignments() -> None:
    for column in (
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("effective_until", sa.Date),
        sa.Column("cover_id", sa.Uuid),
        sa.Column("child_slot", sa.SmallInteger),
        sa.Column("mentor_slot", sa.SmallInteger),
        sa.Column("paused_from", sa.Date),
        sa.Column("last_day", sa.Date),
        sa.Column("handover", sa.Text),
    ):
        op.add_column("assignments", column)
    op.execute("UPDATE assignments SET status = 'proposed' WHERE status = 'offered'")
    op.create_index("assignments_of_cover", "assignments", ["cover_id"])
    op.create_table(
        "assignment_pauses",
        sa.Column("assignment_id", sa.Uuid, primary_key=True),
        sa.Column("paused_from", sa.Date, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("review_on", sa.Date),
        sa.Column("paused_recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resumed_on", sa.Date),
        sa.Column("resumed_recorded_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "days_aside",
        sa.Column("assignment_id", sa.Uuid, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("cover_id", sa.Uuid, primary_key=True),
        sa.Column("aside_recorded_at", sa.DateTime(timezone=True)),
        sa.Column("back_recorded_at", sa.DateTime(timezone=True)),
    )


def cover() -> None:
    op.create_table(
        "covers",
        sa.Column("cover_id", sa.Uuid, primary_key=True),
        sa.Column("assignment_id", sa.Uuid),
        sa.Column("child_id", sa.Uuid, nullable=False),
        sa.Column("school_id", sa.Uuid, nullable=False),
        sa.Column("absent_mentor_id", sa.Uuid),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("asked", sa.ARRAY(sa.Uuid), nullable=False),
        sa.Column("asked_now", sa.Uuid),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("child_slot", sa.SmallInteger, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_because", sa.Text),
    )
    op.create_index("covers_by_request", "covers", ["requested_at", "cover_id"])
    op.create_index("covers_of_child", "covers", ["child_id", "requested_at"])
    op.create_table(
        "cover_days",
        sa.Column("cover_id", sa.Uuid, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("child_id", sa.Uuid),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("mentor_id", sa.Uuid),
        sa.Column("mentor_slot", sa.SmallInteger),
    )
    op.create_index("cover_days_of_child", "cover_days", ["child_id", "day"])
    op.create_index("cover_days_of_mentor", "cover_days", ["mentor_id", "day"])
    op.create_table(
        "cover_answers",
        sa.Column("cover_id", sa.Uuid, primary_key=True),
        sa.Column("mentor_id", sa.Uuid, primary_key=True),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
    )
    op.create_index("cover_answers_of_mentor", "cover_answers", ["mentor_id", "cover_id"])
