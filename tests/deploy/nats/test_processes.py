"""What a service's process does with the keys it was given."""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import SecretStr

from shared.kernel.bus.connection import UnfitServer
from shared.kernel.process import _may_read
from shared.kernel.service import Service
from shared.kernel.settings import Settings
from tests.deploy.nats.house import REGION, Bus


def told(**said: Any) -> Mapping[str, str | None]:
    """What each part would show the bus."""
    settings = Settings(database_url=SecretStr("postgresql://a:b@h/c"), region=REGION, profile="dev", **said)
    return {part: settings.seed(part) for part in ("relay", "projector", "provisioner")}


def test_one_key_is_for_every_part_and_named_ones_for_theirs(tmp_path: Path) -> None:
    assert set(told().values()) == {None}
    assert set(told(nats_seed=SecretStr("SUONE")).values()) == {"SUONE"}
    named = {"relay": "SUR", "projector": "SUP", "provisioner": None}
    assert told(nats_seed=SecretStr("relay=SUR projector=SUP")) == named
    (tmp_path / "keys").write_text("relay=SUR\nprojector=SUP\n")
    assert told(nats_seed_file=tmp_path / "keys") == named
    (tmp_path / "a.creds").write_text("-----BEGIN NATS USER JWT-----\nabc=\n")
    assert set(told(nats_seed_file=tmp_path / "a.creds").values()) == {"-----BEGIN NATS USER JWT-----\nabc="}


async def test_a_listener_that_the_bus_was_not_told_of_is_named_with_the_mend(bus: Bus) -> None:
    def service(*names: str) -> Service:
        listeners = [SimpleNamespace(name=name, sources=frozenset({"assignments"})) for name in names]
        return cast(Service, SimpleNamespace(name="sessions", listeners=listeners))

    async with bus.as_("sessions-projector", part="sessions-provision") as line:
        js = line.client.jetstream(timeout=0.5)
        await _may_read(js, service("schools"), REGION)
        with pytest.raises(UnfitServer, match=r"use sessions-novelty: .* deploy\.nats\.listening --write"):
            await _may_read(js, service("schools", "novelty"), REGION)
