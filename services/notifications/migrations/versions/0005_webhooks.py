"""Addresses that facts are sent to, what waits for each, every attempt, and how each address does."""

from alembic import op

revision = "0005_webhooks"
down_revision = "0004_leavers"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE webhook_endpoints (
            endpoint_id uuid PRIMARY KEY,
            owner text,
            url text,
            facts text[] NOT NULL DEFAULT '{}',
            regions text[] NOT NULL DEFAULT '{}',
            ordered boolean NOT NULL DEFAULT false,
            generation integer NOT NULL DEFAULT 1,
            old_until timestamptz,
            stands text NOT NULL DEFAULT 'enabled',
            why text,
            failing_since timestamptz,
            disabled_from timestamptz,
            disabled_at timestamptz,
            added_by text,
            added_at timestamptz,
            enabled_at timestamptz
        );
        CREATE INDEX webhook_endpoints_of_owner ON webhook_endpoints (owner, endpoint_id);

        CREATE TABLE webhook_facts (
            event_id uuid PRIMARY KEY,
            source text NOT NULL,
            position bigint,
            topic text NOT NULL,
            region text NOT NULL,
            recorded_at timestamptz NOT NULL,
            body bytea NOT NULL
        );
        CREATE INDEX webhook_facts_by_time ON webhook_facts (recorded_at);

        CREATE TABLE webhook_deliveries (
            delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            endpoint_id uuid NOT NULL,
            event_id uuid NOT NULL,
            topic text NOT NULL,
            recorded_at timestamptz NOT NULL,
            state text NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'taken', 'failed', 'dropped')),
            attempt integer NOT NULL DEFAULT 0,
            tries integer NOT NULL DEFAULT 0,
            due_at timestamptz NOT NULL DEFAULT 'epoch',
            status integer,
            error text,
            ended_at timestamptz,
            UNIQUE (endpoint_id, event_id)
        );
        CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, due_at, delivery_id)
            WHERE state = 'waiting';
        CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (endpoint_id, delivery_id)
            WHERE state = 'waiting';
        CREATE INDEX webhook_deliveries_of_endpoint ON webhook_deliveries (endpoint_id, delivery_id);
        CREATE INDEX webhook_deliveries_of_event ON webhook_deliveries (event_id);
        CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE state <> 'waiting';

        CREATE TABLE webhook_attempts (
            delivery_id bigint NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
            attempt integer NOT NULL,
            at timestamptz NOT NULL,
            took_ms integer NOT NULL,
            sent jsonb NOT NULL,
            address text,
            status integer,
            answered jsonb,
            body text,
            error text,
            next_at timestamptz,
            PRIMARY KEY (delivery_id, attempt)
        );

        CREATE TABLE webhook_health (
            endpoint_id uuid PRIMARY KEY,
            failures integer NOT NULL DEFAULT 0,
            failing_since timestamptz,
            probe_at timestamptz,
            taken_at timestamptz,
            failed_at timestamptz
        );

        CREATE TABLE webhook_orders (
            key text PRIMARY KEY,
            endpoint_id uuid NOT NULL,
            what text NOT NULL,
            asked_by text NOT NULL,
            asked_at timestamptz NOT NULL,
            answer jsonb NOT NULL
        );
        CREATE INDEX webhook_orders_by_time ON webhook_orders (asked_at);
    """)
