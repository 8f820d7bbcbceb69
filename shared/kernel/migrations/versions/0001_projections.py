"""Checkpoints, parked facts, due times and rebuilds."""

from alembic import op

revision = "0001_projections"
down_revision = None

_TABLES = """
-- How far a listener has come in one service's facts. The row's lock is what makes its writers take turns;
-- `parked` counts its parked facts, so that the usual case (none) costs no query.
CREATE TABLE checkpoints (
    projection text NOT NULL,
    source text NOT NULL,
    position bigint NOT NULL DEFAULT 0,
    parked bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (projection, source)
) WITH (fillfactor = 50);

-- Facts that could not be applied, and every later fact of the same stream, in order. `error` of the later
-- ones is empty: nothing is known about them but that they wait.
CREATE TABLE parked (
    projection text NOT NULL,
    source text NOT NULL,
    position bigint NOT NULL,
    stream uuid NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    error text NOT NULL DEFAULT '',
    attempts int NOT NULL DEFAULT 1,
    parked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (projection, source, position)
);
CREATE INDEX parked_by_stream ON parked (projection, source, stream, position);
CREATE INDEX parked_failed ON parked (projection, source, position) WHERE error <> '';

-- What was given up, by whom and why; kept for ever.
CREATE TABLE discarded (
    projection text NOT NULL,
    source text NOT NULL,
    position bigint NOT NULL,
    stream uuid NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    error text NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    actor text NOT NULL,
    discarded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (projection, source, position)
);

-- What falls due. `projection` wrote the row, so that its rebuild replaces its own rows only. The row is open
-- until it has fired for this very time; moving the time opens it again.
CREATE TABLE due (
    kind text NOT NULL,
    key text NOT NULL,
    due_at timestamptz NOT NULL,
    payload jsonb NOT NULL DEFAULT '{}',
    projection text NOT NULL DEFAULT '',
    fired_for timestamptz,
    error text NOT NULL DEFAULT '',
    PRIMARY KEY (kind, key)
);
CREATE INDEX due_open ON due (due_at) WHERE fired_for IS DISTINCT FROM due_at;

-- What has fired: outlives the due row, so that a rebuilt or repeated row does not fire twice.
CREATE TABLE due_fired (
    kind text NOT NULL,
    key text NOT NULL,
    due_at timestamptz NOT NULL,
    outcome text NOT NULL,
    fired_at timestamptz NOT NULL,
    PRIMARY KEY (kind, key, due_at)
);

-- Rebuilds beside the live tables: one row for each projection and source.
CREATE TABLE rebuilds (
    projection text NOT NULL,
    source text NOT NULL,
    state text NOT NULL CHECK (state IN ('folding', 'ready', 'replaced')),
    position bigint NOT NULL DEFAULT 0,
    target bigint NOT NULL DEFAULT 0,
    facts_per_second bigint NOT NULL DEFAULT 0,
    error text NOT NULL DEFAULT '',
    started_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (projection, source)
);
"""


def upgrade() -> None:
    op.execute(_TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE checkpoints, parked, discarded, due, due_fired, rebuilds")
