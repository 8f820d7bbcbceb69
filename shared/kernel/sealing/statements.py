"""The keyring's tables, and the functions that are all a service may call."""

TABLES = """
CREATE TABLE IF NOT EXISTS epochs (
    number int PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('current', 'retiring', 'destroyed')),
    fingerprint bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    destroyed_at timestamptz,
    CHECK ((state = 'destroyed') = (destroyed_at IS NOT NULL))
);
CREATE UNIQUE INDEX IF NOT EXISTS one_current_epoch ON epochs (state) WHERE state = 'current';

CREATE TABLE IF NOT EXISTS data_keys (
    subject_id uuid NOT NULL,
    keep text NOT NULL,
    epoch int NOT NULL REFERENCES epochs,
    wrapped bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (subject_id, keep)
);
CREATE TABLE IF NOT EXISTS tombstones (
    subject_id uuid NOT NULL,
    keep text NOT NULL,
    had_key boolean NOT NULL,
    destroyed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    destroyed_by text NOT NULL DEFAULT session_user,
    PRIMARY KEY (subject_id, keep)
);
-- How many keys there must be: a row that vanishes without a tombstone shows.
CREATE TABLE IF NOT EXISTS tally (one int PRIMARY KEY CHECK (one = 1), made bigint NOT NULL, destroyed bigint NOT NULL);
INSERT INTO tally VALUES (1, 0, 0) ON CONFLICT DO NOTHING;

-- Makers of keys share this row; whoever destroys keys or begins an epoch has it alone.
CREATE TABLE IF NOT EXISTS gate (one int PRIMARY KEY CHECK (one = 1));
INSERT INTO gate VALUES (1) ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS grants (
    role_name text NOT NULL, keep text NOT NULL, makes boolean NOT NULL, PRIMARY KEY (role_name, keep)
);
CREATE TABLE IF NOT EXISTS destroyers (role_name text PRIMARY KEY);
"""

# They run with the rights of the owner and ask who has logged in, which no service can pretend. Tables are the
# owner's alone. Without a grant the answer is the same whether there is a key, was one, or never will be.
# Planner settings: statistics of a fresh table would choose a scan, and it would be kept when the table has grown.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION open_keys(subjects uuid[], keeps text[])
RETURNS TABLE (n bigint, state text, epoch int, wrapped bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY SELECT asked.n,
        CASE WHEN g.keep IS NULL THEN 'withheld' WHEN t.keep IS NOT NULL THEN 'erased'
            WHEN k.keep IS NULL THEN 'lost' ELSE 'key' END,
        CASE WHEN g.keep IS NOT NULL AND t.keep IS NULL THEN k.epoch END,
        CASE WHEN g.keep IS NOT NULL AND t.keep IS NULL THEN k.wrapped END
    FROM unnest(subjects, keeps) WITH ORDINALITY AS asked(subject_id, keep, n)
    LEFT JOIN grants g ON g.role_name = session_user AND g.keep = asked.keep
    LEFT JOIN tombstones t ON t.subject_id = asked.subject_id AND t.keep = asked.keep
    LEFT JOIN data_keys k ON k.subject_id = asked.subject_id AND k.keep = asked.keep;
END $$;

CREATE OR REPLACE FUNCTION make_keys(subjects uuid[], keeps text[], offered bytea[], by_epoch int, by_print bytea)
RETURNS TABLE (n bigint, state text, epoch int, wrapped bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    found_print bytea;
    added bigint;
BEGIN
    IF EXISTS (SELECT FROM unnest(keeps) AS asked(keep) WHERE NOT EXISTS (
        SELECT FROM grants g WHERE g.role_name = session_user AND g.keep = asked.keep AND g.makes)) THEN
        RETURN QUERY SELECT 0::bigint, 'withheld', NULL::int, NULL::bytea;
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM open_keys(subjects, keeps) AS known WHERE known.state = 'lost') THEN
        PERFORM FROM gate FOR SHARE;
        SELECT e.fingerprint INTO found_print FROM epochs e WHERE e.number = by_epoch AND e.state = 'current';
        IF found_print IS DISTINCT FROM by_print THEN
            RETURN QUERY SELECT 0::bigint, CASE WHEN found_print IS NULL THEN 'stale' ELSE 'foreign' END,
                (SELECT e.number FROM epochs e WHERE e.state = 'current'), NULL::bytea;
            RETURN;
        END IF;
        IF NOT EXISTS (SELECT FROM tombstones t JOIN unnest(subjects, keeps) AS asked(subject_id, keep)
            ON t.subject_id = asked.subject_id AND t.keep = asked.keep) THEN
            INSERT INTO data_keys (subject_id, keep, epoch, wrapped)
            SELECT asked.subject_id, asked.keep, by_epoch, asked.wrapped
            FROM unnest(subjects, keeps, offered) AS asked(subject_id, keep, wrapped)
            ORDER BY 1, 2
            ON CONFLICT (subject_id, keep) DO NOTHING;
            GET DIAGNOSTICS added = ROW_COUNT;
            IF added > 0 THEN
                UPDATE tally SET made = made + added;
            END IF;
        END IF;
    END IF;
    RETURN QUERY SELECT * FROM open_keys(subjects, keeps);
END $$;

CREATE OR REPLACE FUNCTION destroy_keys(subject uuid, keeps text[])
RETURNS TABLE (keep text, became text, at timestamptz, epoch int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    newest int;
    before text[];
    gone text[];
BEGIN
    IF NOT EXISTS (SELECT FROM destroyers d WHERE d.role_name = session_user) THEN
        RAISE insufficient_privilege USING MESSAGE = session_user || ' may not destroy keys';
    END IF;
    PERFORM FROM gate FOR UPDATE;
    SELECT e.number INTO STRICT newest FROM epochs e WHERE e.state = 'current';
    SELECT coalesce(array_agg(t.keep), '{}') INTO before FROM tombstones t
    WHERE t.subject_id = subject AND t.keep = ANY (keeps);
    WITH deleted AS (
        DELETE FROM data_keys k WHERE k.subject_id = subject AND k.keep = ANY (keeps) RETURNING k.keep
    ) SELECT coalesce(array_agg(deleted.keep), '{}') INTO gone FROM deleted;
    INSERT INTO tombstones (subject_id, keep, had_key)
    SELECT DISTINCT subject, asked.keep, asked.keep = ANY (gone) FROM unnest(keeps) AS asked(keep)
    ON CONFLICT DO NOTHING;
    IF cardinality(gone) > 0 THEN
        UPDATE tally SET destroyed = destroyed + cardinality(gone);
    END IF;
    RETURN QUERY SELECT t.keep,
        CASE WHEN t.keep = ANY (gone) THEN 'destroyed' WHEN t.keep = ANY (before) THEN 'already' ELSE 'unused' END,
        t.destroyed_at, newest
    FROM tombstones t WHERE t.subject_id = subject AND t.keep = ANY (keeps);
END $$;

-- Whose keys are gone is no secret among those who have to forget them.
CREATE OR REPLACE FUNCTION erased_parts()
RETURNS TABLE (subject_id uuid, keep text, destroyed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT subject_id, keep, destroyed_at FROM tombstones
    WHERE EXISTS (SELECT FROM grants WHERE role_name = session_user)
$$;

CREATE OR REPLACE FUNCTION current_epoch(OUT epoch int, OUT fingerprint bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT number, epochs.fingerprint FROM epochs WHERE state = 'current' $$;

CREATE OR REPLACE FUNCTION erasure_horizon(OUT epoch int, OUT at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT max(number), min(made_at) FROM epochs WHERE state <> 'destroyed' $$;
"""
