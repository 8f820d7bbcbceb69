"""Erasures, approvals, holds, acknowledgements; who has left, and under which ids somebody is told things."""

from alembic import op

revision = "0005_records"
down_revision = "0004_ledger"

_TABLES = """
CREATE TABLE erasures (
    erasure_id uuid PRIMARY KEY,
    kind text NOT NULL,
    person_id uuid NOT NULL,
    ground text,
    classes text[] NOT NULL,
    commitment text NOT NULL,
    follows uuid,
    requested_by text,
    requested_at timestamptz NOT NULL,
    decisions jsonb,
    ended_on date,
    decided_by text,
    decided_at timestamptz,
    refused text,
    refused_by text,
    refused_at timestamptz,
    recipient_ids uuid[],
    services text[],
    ordered_at timestamptz,
    ordered text[],
    destroyed integer,
    epoch integer,
    certified_at timestamptz,
    certificate bigint
);
CREATE INDEX erasures_newest_first ON erasures (requested_at, erasure_id);
CREATE INDEX erasures_of_person ON erasures (person_id);
CREATE INDEX erasures_certified ON erasures (certified_at, erasure_id);

CREATE TABLE erasure_approvals (
    erasure_id uuid NOT NULL,
    approved_by text NOT NULL,
    approved_at timestamptz NOT NULL,
    PRIMARY KEY (erasure_id, approved_by)
);

CREATE TABLE erasure_forgotten (
    erasure_id uuid NOT NULL,
    service text NOT NULL,
    position bigint NOT NULL,
    rows integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (erasure_id, service)
);

CREATE TABLE legal_holds (
    hold_id uuid PRIMARY KEY,
    kind text NOT NULL,
    person_id uuid NOT NULL,
    classes text[],
    reason text,
    placed_by text,
    placed_at timestamptz,
    lifted_by text,
    lifted_at timestamptz
);
CREATE INDEX legal_holds_newest_first ON legal_holds (placed_at, hold_id);
CREATE INDEX legal_holds_of_person ON legal_holds (person_id);

CREATE TABLE people_gone (
    kind text NOT NULL,
    person_id uuid NOT NULL,
    ended_on date,
    PRIMARY KEY (kind, person_id)
);

CREATE TABLE people_told (
    recipient_id uuid PRIMARY KEY,
    child_id uuid,
    mentor_id uuid
);
CREATE INDEX people_told_of_child ON people_told (child_id);
CREATE INDEX people_told_of_mentor ON people_told (mentor_id);
"""


def upgrade() -> None:
    op.execute(_TABLES)
