"""URLs of a service's databases: always its own role, in its own database or in the keyring."""

from psycopg.conninfo import conninfo_to_dict

from deploy.databases import keyring_url, service_url

SERVER = "postgresql://postgres:secret@127.0.0.1:5433/postgres"


def test_a_service_enters_the_keyring_as_itself() -> None:
    at = conninfo_to_dict(keyring_url(SERVER, "sessions", "pw"))
    assert (at["user"], at["password"], at["dbname"], at["port"]) == (
        "alongside_sessions",
        "pw",
        "alongside_keyring",
        "5433",
    )


def test_a_service_enters_its_own_database_as_itself() -> None:
    at = conninfo_to_dict(service_url(SERVER, "sessions", "pw"))
    assert (at["user"], at["dbname"]) == ("alongside_sessions", "alongside_sessions")
