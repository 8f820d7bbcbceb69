"""What a service process refuses to start with."""

import psycopg
import pytest
from pydantic import SecretStr, ValidationError

from shared.kernel.durability import UnfitDatabase, assert_postgres
from shared.kernel.settings import Settings

URL = SecretStr("postgresql://nobody@127.0.0.1/nothing")


def test_the_dev_profile_is_refused_beyond_this_machine() -> None:
    with pytest.raises(ValidationError, match="must be loopback"):
        Settings(database_url=URL, region="uk-london", profile="dev", host="0.0.0.0")


def test_production_is_refused_without_an_identity_provider() -> None:
    with pytest.raises(ValidationError, match="identity provider"):
        Settings(database_url=URL, region="uk-london", profile="production")


@pytest.mark.parametrize("region", ["", "UK", "uk london", "uk.london", "uk-*", "-uk"])
def test_a_region_that_could_not_be_part_of_a_subject_is_refused(region: str) -> None:
    with pytest.raises(ValidationError, match="region"):
        Settings(database_url=URL, region=region, profile="dev")


def test_a_database_password_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    secret = SecretStr("postgresql://role:hunter2@127.0.0.1/name")
    assert "hunter2" not in repr(Settings(database_url=secret, region="uk-london", profile="dev"))


def test_a_database_that_acknowledges_before_it_writes_is_refused(database_url: str) -> None:
    assert_postgres(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    with pytest.raises(UnfitDatabase, match="synchronous_commit = off: set it to on"):
        assert_postgres(database_url)
