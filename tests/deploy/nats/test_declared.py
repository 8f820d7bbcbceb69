"""The declaration agrees with the services, and each of its forms is one that a server takes."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.engines.binaries import nats_server
from deploy.nats import compose, listening
from deploy.nats.declaration import declare, durables_of
from deploy.nats.house import INTEGRATORS
from deploy.nats.users import new_seed, public_key
from deploy.running import ROOT
from shared.kernel.integrators import Integrator
from tests.deploy.nats.house import APPROVED, REGION

RESTRICTED = "assignments.SafeguardingConcernRaised.v1"


def test_the_listeners_that_are_kept_are_those_the_services_have() -> None:
    """As docs/consumers.json has them, which the check of contracts compares with the services themselves."""
    found: dict[str, dict[str, set[str]]] = {}
    for topic, consumers in json.loads((ROOT / "docs" / "consumers.json").read_text()).items():
        for one in consumers:
            found.setdefault(one["service"], {}).setdefault(one["listener"], set()).add(topic.split(".")[0])
    kept = {
        service: {name: set(sources) for name, sources in names.items()}
        for service, names in listening.kept().items()
    }
    assert kept == found, "run python -m deploy.nats.listening --write"


def test_each_listener_of_another_service_has_a_durable_that_its_projector_may_use() -> None:
    declared = declare(REGION, listening.kept())
    users = {user.name: user.allowed.publish for user in declared.accounts[0].users}
    for service, names in listening.kept().items():
        for source, durable in durables_of(service, names):
            assert (source, durable) in declared.durables
            ended = f".EV_UK_LONDON_{source.upper()}.{durable}"
            assert f"$JS.API.CONSUMER.MSG.NEXT{ended}" in users[f"{service}-projector"]


@pytest.mark.parametrize("region", ["uk-london", "uk-wales"])
def test_an_integrator_has_an_account_in_their_regions_only_and_nothing_that_is_restricted(
    region: str,
) -> None:
    key = public_key(new_seed())
    facts, at = frozenset({APPROVED, RESTRICTED}), datetime(2026, 9, 1, tzinfo=UTC)
    one = Integrator("acme", facts, frozenset({"uk-london"}), key, None, at)
    declared = declare(region, listening.kept(), [one])
    assert len(declared.accounts) == (2 if region == "uk-london" else 1)
    assert not [share for share in declared.shares if "Safeguarding" in share.subject]


def test_the_compose_server_takes_its_configuration(tmp_path: Path) -> None:
    (tmp_path / INTEGRATORS).write_text('{"integrators": []}')
    config = compose.write(tmp_path, REGION) / "nats.conf"
    said = subprocess.run([str(nats_server()), "-t", "--config", str(config)], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    assert "nkey: U" in (config.parent / "accounts.conf").read_text()


def test_the_compose_server_starts_also_before_there_are_keys() -> None:
    config = ROOT / "deploy" / "nats" / "plain" / "nats.conf"
    said = subprocess.run([str(nats_server()), "-t", "--config", str(config)], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    compose_file = (ROOT / "docker-compose.yml").read_text()
    assert f"${{ALONGSIDE_NATS:-./{config.parent.relative_to(ROOT)}}}:/etc/nats" in compose_file
