"""Accounts, users, streams, durables and permissions of a region: data in, data out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from deploy.nats import permissions
from deploy.nats.listening import Listeners
from deploy.nats.permissions import Allowed, Granted
from shared.kernel.envelope import stream_name
from shared.kernel.integrators import Integrator

PROVISIONER, AUDITOR, OPERATOR = "provisioner", "auditor", "operator"
HOUSE_USERS = (PROVISIONER, AUDITOR, OPERATOR)
PARTS = ("relay", "projector")


@dataclass(frozen=True)
class User:
    """Somebody with an NKEY; `name` finds the key where the house keeps its own, `nkey` is an integrator's."""

    name: str
    allowed: Allowed
    nkey: str | None = None


@dataclass(frozen=True)
class Share:
    """One API subject that the region's account lets one other account use, under its own name there."""

    subject: str
    to: str
    account: str
    responses: Literal["singleton", "stream"] = "singleton"


@dataclass(frozen=True)
class Limits:
    """What one integrator may take up at most."""

    connections: int = 8
    subscriptions: int = 256
    payload: int = 64 << 10


@dataclass(frozen=True)
class Account:
    """Subjects of one account are unknown in every other, but for what is shared."""

    name: str
    users: tuple[User, ...]
    jetstream: bool = False
    limits: Limits | None = None


@dataclass(frozen=True)
class Declaration:
    """The region's own account comes first. `durables` are those of services, by (source, durable)."""

    region: str
    streams: tuple[str, ...]
    durables: tuple[tuple[str, str], ...]
    accounts: tuple[Account, ...]
    shares: tuple[Share, ...] = field(default=())


def account_of(region: str) -> str:
    return region.upper().replace("-", "_")


def api_prefix(region: str) -> str:
    """What an integrator puts before the JetStream API of a region, instead of `$JS.API`."""
    return f"JS.{account_of(region)}.API"


def integrator_account(name: str) -> str:
    return f"integrator-{name}"


def durable_of(integrator: str, topic: str) -> str:
    """`acme-sessions-SessionApproved-v1`: one for each granted fact."""
    return f"{integrator}-{topic.replace('.', '-')}"


def declare(region: str, listeners: Listeners, integrators: Iterable[Integrator] = ()) -> Declaration:
    """Everything of one region, from who listens to whom and who was granted what."""
    users = [
        User(PROVISIONER, permissions.provisioner(region, tuple(listeners))),
        User(AUDITOR, permissions.auditor(region, tuple(listeners))),
        User(OPERATOR, permissions.operator(region)),
    ]
    for service, names in listeners.items():
        durables = durables_of(service, names)
        users.append(User(f"{service}-relay", permissions.relay(region, service)))
        users.append(User(f"{service}-projector", permissions.projector(region, service, durables)))
    accounts, shares = [Account(account_of(region), tuple(users), jetstream=True)], []
    for one in sorted(integrators, key=lambda found: found.name):
        if region in one.regions and one.nkey:
            grants = granted(region, one)
            theirs = User(one.name, permissions.integrator(grants, api_prefix(region)), one.nkey)
            accounts.append(Account(integrator_account(one.name), (theirs,), limits=Limits()))
            shares += [
                Share(shared.subject, shared.renamed(api_prefix(region)), accounts[-1].name, shared.responses)
                for grant in grants
                for shared in grant.shared()
            ]
    return Declaration(
        region,
        tuple(listeners),
        tuple(
            (source, durable)
            for service, names in listeners.items()
            for source, durable in durables_of(service, names)
        ),
        tuple(accounts),
        tuple(shares),
    )


def durables_of(service: str, names: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """(source, durable) of what a service reads from others; its own facts it reads from its store."""
    return [
        (source, f"{service}-{name}")
        for name, sources in names.items()
        for source in sources
        if source != service
    ]


def granted(region: str, integrator: Integrator) -> list[Granted]:
    """One for each fact they may see; a fact that became restricted since is not among them."""
    return [
        Granted(region, topic, stream_name(region, topic.split(".")[0]), durable_of(integrator.name, topic))
        for topic in sorted(integrator.facts)
        if integrator.may_see(topic)
    ]
