"""Starting a system: what an earlier run left is ended, then engines, databases and services begin, in order."""

import time
from functools import partial
from typing import TYPE_CHECKING

import psycopg

from deploy import databases, keys, ports, readiness, services
from deploy.credentials import password
from deploy.foundation import Foundation
from deploy.processes import TAG, Child, stop_leftovers
from deploy.readiness import Stopped
from deploy.services import Unit
from deploy.supervision import Event
from shared.kernel.sealing.epochs import EpochKeyMissing, EpochKeyUnfit, Epochs
from shared.kernel.sealing.schema import prepare

if TYPE_CHECKING:
    from deploy.embedded import System


def bring_up(system: "System") -> None:
    """Engines, then each service as soon as its database is there; does not wait until they are ready."""
    left = stop_leftovers(system.data)
    if left:
        system.say(Event("recovered", "system", f"ended {left} processes that an earlier run left behind"))
    system.foundation = Foundation(system.data, system.ports, system.given, system.region, system.names)
    ports.refuse_taken({name: system.ports[name] for name in _listeners(system)})
    system.watch.begin()
    system.foundation.start(system.watch)
    with psycopg.connect(system.foundation.postgres_url, autocommit=True) as admin:
        databases.provide(admin, databases.KEYRING, password(system.data, databases.KEYRING))
        _prepare_keyring(system)
        for name in system.names:
            if name not in services.WITHOUT_STORE:
                databases.provide(admin, name, password(system.data, name))
                databases.admit(admin, name)
            _begin(system, system.units[name])  # at once: it loads while the next database is made
    if "audit" in system.names:
        system.watch.add(keys.witness_child(system.data, system.region, system.ports[keys.WITNESS]))
        system.watch.start(keys.WITNESS)
    system.describe()
    _begin_others(system)


def _prepare_keyring(system: "System") -> None:
    """Raises UnfitServer when the keyring and its directory of epoch keys do not belong together."""
    try:
        prepare(system.keyring_url(), Epochs(system.epoch_keys))
    except (EpochKeyMissing, EpochKeyUnfit) as lost:
        raise databases.UnfitServer(
            f"personal data can't be opened: {lost}. {databases.name_of(databases.KEYRING)} and {system.epoch_keys}"
            " belong together: bring back the one that is missing or of another time"
        ) from lost


def _begin(system: "System", unit: Unit) -> None:
    system.watch.add(_child(system, unit), is_ready=partial(readiness.is_ready, system.unit_urls[unit.name]))
    system.watch.start(unit.name)


def _begin_others(system: "System") -> None:
    """Processes beside the first of a service wait until that one has migrated and provisioned."""
    until = time.monotonic() + system.ready_seconds
    for unit in system.units.values():
        if not unit.is_first:
            while not readiness.is_alive(system.urls[unit.service]) and time.monotonic() < until:
                if system.asked_to_stop.wait(0.05):
                    raise Stopped
            _begin(system, unit)


def _listeners(system: "System") -> list[str]:
    engines = [child.name for child in system.foundation.children]
    witness = [keys.WITNESS] if "audit" in system.names else []
    return [*system.units, *engines, *(["nats-monitor"] if "nats" in engines else []), *witness]


def _child(system: "System", unit: Unit) -> Child:
    name, store = unit.service, unit.service not in services.WITHOUT_STORE
    foundation = system.foundation
    settings = services.environment(
        name,
        port=system.ports[unit.name],
        database_url=system.database_url(name) if store else None,
        nats_url=foundation.nats_url,
        nats_monitor_url=foundation.nats.monitor_url if foundation.nats else None,
        smtp_url=foundation.smtp_url,
        region=system.region,
        urls=system.urls,
        keyring_url=system.keyring_url(name) if store else None,
        epoch_keys=system.epoch_keys if store else None,
        mailbox=foundation.mail_folder if name == "notifications" else None,
        integrators=system.integrators,
        nats_seed=foundation.bus.process_seeds(name),
    )
    signing = keys.environment(
        system.data, system.region, name, services.SERVICES, system.ports[keys.WITNESS]
    )
    env = {TAG: str(system.data), **settings, **signing, **system.extra_env.get(name, {})}
    return Child(unit.name, system.command(unit), log=system.data / "logs" / f"{unit.name}.log", env=env)
