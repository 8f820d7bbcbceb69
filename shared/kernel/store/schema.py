"""The store's tables beside the library's own, and the one function through which every append goes."""

CHANNEL = "alongside_store"

TABLES = """
CREATE TABLE IF NOT EXISTS store_head (name text PRIMARY KEY, position bigint NOT NULL) WITH (fillfactor = 10);
INSERT INTO store_head VALUES ('store', 0) ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS claims (
    key text NOT NULL,
    since timestamptz NOT NULL DEFAULT '-infinity',
    until timestamptz NOT NULL DEFAULT 'infinity',
    owner uuid NOT NULL,
    PRIMARY KEY (key, since)
);

CREATE TABLE IF NOT EXISTS requests (
    key text PRIMARY KEY,
    fingerprint bytea NOT NULL,
    status int NOT NULL,
    response bytea NOT NULL,
    stream uuid NOT NULL,
    version bigint NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);

-- How far the development clock was moved ahead; no row otherwise.
CREATE TABLE IF NOT EXISTS clock (name text PRIMARY KEY, ahead interval NOT NULL);

-- Only alongside_append numbers facts: an insert that goes past it must fail, not make a gap.
ALTER TABLE stored_events ALTER COLUMN notification_id DROP DEFAULT;
ALTER TABLE stored_events ALTER COLUMN notification_id SET NOT NULL;
ALTER TABLE stored_events ALTER COLUMN state SET STORAGE EXTERNAL;

CREATE OR REPLACE FUNCTION stored_events_are_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'stored events are for ever: % refused', TG_OP; END $$;
CREATE OR REPLACE TRIGGER stored_events_are_for_ever
    BEFORE UPDATE OR DELETE OR TRUNCATE ON stored_events
    FOR EACH STATEMENT EXECUTE FUNCTION stored_events_are_for_ever();
"""

# One call a batch, since round trips under the lock are what an append costs. The caller sees to it that no two
# commands of a batch share a stream, a claim's key or a request's key, so a batch only has to be checked against
# the tables. The row lock on store_head makes batches of every process take turns until commit, so positions are
# dense and become visible in order. Planner settings: statistics of a fresh table would choose a scan, and
# planning anew for each batch's arrays would take longer (0.22 ms of 0.36) than doing what was planned.
APPEND = """
CREATE OR REPLACE FUNCTION alongside_append(
    streams uuid[], expected bigint[],
    event_commands int[], event_versions bigint[], topics text[], states bytea[],
    claim_commands int[], claim_keys text[], claim_since timestamptz[], claim_until timestamptz[],
    release_commands int[], release_keys text[], release_since timestamptz[],
    request_commands int[], request_keys text[], fingerprints bytea[], statuses int[], responses bytea[],
    request_versions bigint[],
    OUT head bigint, OUT stale int[], OUT taken int[], OUT seen int[]
) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
    lost int[] := '{}';
    added int;
BEGIN
    SELECT position INTO head FROM store_head WHERE name = 'store' FOR UPDATE;

    SELECT array_agg(c.n) INTO seen
    FROM unnest(request_commands, request_keys) AS c(n, key)
    WHERE EXISTS (SELECT FROM requests r WHERE r.key = c.key);

    SELECT array_agg(c.n) INTO stale
    FROM unnest(streams, expected) WITH ORDINALITY AS c(stream, version, n)
    WHERE c.version <> coalesce((SELECT e.originator_version FROM stored_events e
        WHERE e.originator_id = c.stream ORDER BY e.originator_version DESC LIMIT 1), 0);

    IF cardinality(claim_commands) > 0 THEN
        SELECT array_agg(c.at) INTO taken
        FROM unnest(claim_commands, claim_keys, claim_since, claim_until) WITH ORDINALITY AS c(n, key, since, until, at)
        WHERE EXISTS (SELECT FROM claims h WHERE h.key = c.key AND h.since < c.until AND c.since < h.until
            AND h.owner <> streams[c.n]);
        SELECT array_agg(claim_commands[t]) INTO lost FROM unnest(taken) AS t;
    END IF;
    lost := coalesce(seen, '{}') || coalesce(stale, '{}') || coalesce(lost, '{}');

    INSERT INTO stored_events (originator_id, originator_version, topic, state, notification_id)
    SELECT streams[e.n], e.version, e.topic, e.state, head + row_number() OVER (ORDER BY e.at)
    FROM unnest(event_commands, event_versions, topics, states) WITH ORDINALITY AS e(n, version, topic, state, at)
    WHERE e.n <> ALL (lost)
    ORDER BY e.at;
    GET DIAGNOSTICS added = ROW_COUNT;

    IF cardinality(release_commands) > 0 THEN
        DELETE FROM claims h USING unnest(release_commands, release_keys, release_since) AS c(n, key, since)
        WHERE h.key = c.key AND h.since = c.since AND h.owner = streams[c.n] AND c.n <> ALL (lost);
    END IF;
    IF cardinality(claim_commands) > 0 THEN
        INSERT INTO claims (key, since, until, owner)
        SELECT c.key, c.since, c.until, streams[c.n]
        FROM unnest(claim_commands, claim_keys, claim_since, claim_until) AS c(n, key, since, until)
        WHERE c.n <> ALL (lost);
    END IF;
    IF cardinality(request_commands) > 0 THEN
        INSERT INTO requests (key, fingerprint, status, response, stream, version)
        SELECT r.key, r.fingerprint, r.status, r.response, streams[r.n], r.version
        FROM unnest(request_commands, request_keys, fingerprints, statuses, responses, request_versions)
            AS r(n, key, fingerprint, status, response, version)
        WHERE r.n <> ALL (lost);
    END IF;
    IF added > 0 THEN
        UPDATE store_head SET position = head + added WHERE name = 'store';
        PERFORM pg_notify('alongside_store', (head + added)::text);
    END IF;
END $$;
"""
