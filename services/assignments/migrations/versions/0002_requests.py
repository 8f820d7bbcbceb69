"""Requests and children on their whole way; reviews, profiles, absences, concerns, region transfers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002_requests"
down_revision = "0001_read_model"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _requests()
    _children()
    _reviews()
    _absences()
    _concerns()
    _transfers()


def _requests() -> None:
    for column in (
        sa.Column("requester_name", sa.Text),
        sa.Column("urgency", sa.Text),
        sa.Column("areas", sa.ARRAY(sa.Text)),
        sa.Column("next_step_on", sa.Date),
        sa.Column("assignment_id", sa.Uuid),
        sa.Column("fulfilled_on", sa.Date),
    ):
        op.add_column("support_requests", column)
    op.create_index(
        "support_requests_of_school", "support_requests", ["school_id", "received_at", "request_id"]
    )
    op.create_index("support_requests_of_child", "support_requests", ["child_id", "received_at"])


def _children() -> None:
    op.add_column("children", sa.Column("status", sa.Text, nullable=False, server_default="accepted"))
    op.add_column("children", sa.Column("since", sa.Date))
    op.execute("UPDATE children SET since = accepted_on")
    op.add_column("children", sa.Column("reason", sa.Text))
    op.add_column("children", sa.Column("next_review_on", sa.Date))
    op.add_column("children", sa.Column("region", sa.Text, nullable=False, server_default=""))
    op.alter_column("children", "status", server_default=None)
    op.alter_column("children", "region", server_default=None)
    op.alter_column("children", "since", nullable=False)
    for name in ("request_id", "birth_date", "accepted_on"):
        op.alter_column("children", name, nullable=True)
    op.create_index("children_of_school", "children", ["school_id", "name", "child_id"])
    op.create_index("children_by_review", "children", ["next_review_on", "child_id"])
    op.add_column("provisions", sa.Column("outcomes", JSONB, nullable=False, server_default="[]"))
    op.add_column("provisions", sa.Column("next_review_on", sa.Date))


def _reviews() -> None:
    op.create_table(
        "child_reviews",
        sa.Column("child_id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("reviewed_on", sa.Date, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("next_review_on", sa.Date),
        sa.Column("recorded_at", TIME, nullable=False),
    )
    op.create_table(
        "child_profiles",
        sa.Column("child_id", sa.Uuid, primary_key=True),
        sa.Column("needs", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("curriculum_level", sa.Text),
        sa.Column("languages", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("updated_on", sa.Date, nullable=False),
    )


def _absences() -> None:
    op.create_table(
        "child_absences",
        sa.Column("child_id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("school_id", sa.Uuid, nullable=False),
        sa.Column("absent_from", sa.Date, nullable=False),
        sa.Column("absent_until", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reported_at", TIME, nullable=False),
    )
    op.create_index("child_absences_by_day", "child_absences", ["absent_from", "child_id", "number"])


def _concerns() -> None:
    op.create_table(
        "concerns",
        sa.Column("concern_id", sa.Uuid, primary_key=True),
        sa.Column("child_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("raised_at", TIME, nullable=False),
        sa.Column("raised_by", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("summary", sa.Text),
        sa.Column("closed_at", TIME),
    )
    op.create_index("concerns_by_time", "concerns", ["raised_at", "concern_id"])
    op.create_index("concerns_of_child", "concerns", ["child_id", "raised_at", "concern_id"])


def _transfers() -> None:
    op.create_table(
        "region_transfers",
        sa.Column("transfer_id", sa.Uuid, primary_key=True),
        sa.Column("child_id", sa.Uuid, nullable=False),
        sa.Column("from_region", sa.Text, nullable=False),
        sa.Column("to_region", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("requested_at", TIME, nullable=False),
        sa.Column("parent_consent_at", TIME),
        sa.Column("local_authority_consent_at", TIME),
        sa.Column("answered_at", TIME),
        sa.Column("answer_reason", sa.Text),
        sa.Column("effective_on", sa.Date),
    )
    op.create_index("region_transfers_by_time", "region_transfers", ["requested_at", "transfer_id"])
    op.create_index("region_transfers_of_child", "region_transfers", ["child_id", "requested_at"])
