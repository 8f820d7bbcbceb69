"""A service's database for one test after the other: to make and migrate one takes longer than most tests."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict

from shared.kernel.migrations.migrate import migrate
from shared.kernel.service import Service
from shared.kernel.store.store import create_tables
from tests.support.engines import PostgresServer

READY: set[str] = set()
"""URLs of databases that have the newest schema already."""

_free: dict[tuple[str, str], list[str]] = defaultdict(list)
_kept = ExitStack()

# What a migration put into a table is put back; everything else goes, past the triggers that forbid it.
_REMEMBER = """
CREATE SCHEMA at_first;
DO $$ DECLARE one text; filled boolean; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', one) INTO filled;
    IF filled THEN EXECUTE format('CREATE TABLE at_first.%I AS TABLE public.%I', one, one); END IF;
  END LOOP;
END $$;
CREATE TABLE at_first.relations_of_public AS
  SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace;
"""
_UNCHANGED = """
SELECT NOT EXISTS (
  (SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace)
  EXCEPT (SELECT oid, relname FROM at_first.relations_of_public)
) AND NOT EXISTS (
  (SELECT oid, relname FROM at_first.relations_of_public)
  EXCEPT (SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace)
)
"""
_EMPTY = """
SET session_replication_role = replica;
DO $$ DECLARE one text; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%I', one);
  END LOOP;
  FOR one IN SELECT tablename FROM pg_tables
             WHERE schemaname = 'at_first' AND tablename <> 'relations_of_public' LOOP
    EXECUTE format('INSERT INTO public.%I SELECT * FROM at_first.%I', one, one);
  END LOOP;
  FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER SEQUENCE public.%I RESTART', one);
  END LOOP;
END $$;
"""


@contextmanager
def service_database(postgres: PostgresServer, service: Service) -> Iterator[str]:
    """URL of the service's own database, migrated, with nothing recorded; a test that changes its schema ends it."""
    free = _free[postgres.url, service.name]
    url = free.pop() if free else _made(postgres, service)
    yield url
    with psycopg.connect(_as_superuser(postgres, url), autocommit=True) as admin:
        unchanged = admin.execute(_UNCHANGED).fetchone()
        if unchanged == (True,):
            admin.execute(_EMPTY)
            free.append(url)


def _made(postgres: PostgresServer, service: Service) -> str:
    url = _kept.enter_context(postgres.database())
    create_tables(url)
    migrate(url, service.migrations)
    with psycopg.connect(_as_superuser(postgres, url), autocommit=True) as admin:
        admin.execute(_REMEMBER)
    READY.add(url)
    return url


def _as_superuser(postgres: PostgresServer, url: str) -> str:
    return f"{postgres.url.rsplit('/', 1)[0]}/{conninfo_to_dict(url)['dbname']}"
