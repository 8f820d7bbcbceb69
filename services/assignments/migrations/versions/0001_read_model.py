"""Schools, requests, children, mentors, their evidence, and who supports whom."""

import sqlalchemy as sa
from alembic import op

revision = "0001_read_model"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "schools",
        sa.Column("school_id", sa.Uuid, primary_key=True),
        sa.Column("urn", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("local_authority", sa.Text, nullable=False),
        sa.Column("town", sa.Text),
        sa.Column("postcode", sa.Text),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("lowest_age", sa.SmallInteger),
        sa.Column("highest_age", sa.SmallInteger),
        sa.Column("opened_on", sa.Date),
        sa.Column("closed_on", sa.Date),
        sa.Column("time_zone", sa.Text, nullable=False),
    )
    op.create_index("schools_by_urn", "schools", ["urn"], unique=True)
    op.create_index("schools_by_name", "schools", ["name", "school_id"])
    op.create_table(
        "support_requests",
        sa.Column("request_id", sa.Uuid, primary_key=True),
        sa.Column("child_id", sa.Uuid, nullable=False),
        sa.Column("school_id", sa.Uuid, nullable=False),
        sa.Column("requester_kind", sa.Text, nullable=False),
        sa.Column("child_name", sa.Text, nullable=False),
        sa.Column("needs", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text),
    )
    op.create_index("support_requests_by_status", "support_requests", ["status", "received_at", "request_id"])
    op.create_index("support_requests_by_arrival", "support_requests", ["received_at", "request_id"])
    op.create_table(
        "children",
        sa.Column("child_id", sa.Uuid, primary_key=True),
        sa.Column("request_id", sa.Uuid, nullable=False),
        sa.Column("school_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("birth_date", sa.Date, nullable=False),
        sa.Column("accepted_on", sa.Date, nullable=False),
    )
    op.create_index("children_by_name", "children", ["name", "child_id"])
    op.create_table(
        "provisions",
        sa.Column("child_id", sa.Uuid, primary_key=True),
        sa.Column("effective_from", sa.Date, primary_key=True),
        sa.Column("minutes_per_week", sa.Integer, nullable=False),
        sa.Column("areas", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("specified_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "mentors",
        sa.Column("mentor_id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("engaged_on", sa.Date, nullable=False),
        sa.Column("left_on", sa.Date),
    )
    op.create_index("mentors_by_name", "mentors", ["name", "mentor_id"])
    op.create_table(
        "evidence",
        sa.Column("mentor_id", sa.Uuid, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("proof", sa.Text, primary_key=True),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_until", sa.Date),
        sa.Column("withdrawn_on", sa.Date),
    )
    op.create_table(
        "standings",
        sa.Column("mentor_id", sa.Uuid, primary_key=True),
        sa.Column("deployable", sa.Boolean, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
    )
    op.create_table(
        "assignments",
        sa.Column("assignment_id", sa.Uuid, primary_key=True),
        sa.Column("child_id", sa.Uuid, nullable=False),
        sa.Column("mentor_id", sa.Uuid, nullable=False),
        sa.Column("school_id", sa.Uuid, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True)),
        sa.Column("effective_from", sa.Date),
        sa.Column("ended_on", sa.Date),
        sa.Column("assigned_recorded_at", sa.DateTime(timezone=True)),
        sa.Column("ended_recorded_at", sa.DateTime(timezone=True)),
    )
    op.create_index("assignments_of_child", "assignments", ["child_id", "effective_from"])
    op.create_index("assignments_of_mentor", "assignments", ["mentor_id", "effective_from"])
    op.create_index("assignments_by_offer", "assignments", ["offered_at", "assignment_id"])
