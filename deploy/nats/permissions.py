"""What each user may say and hear: literal lists, derived from what our code asks the server for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.contracts.fact import find_contract
from shared.kernel.bus.connection import inbox
from shared.kernel.bus.reading import AUDIT_READERS, slots
from shared.kernel.envelope import stream_name

API = "$JS.API"


@dataclass(frozen=True)
class Allowed:
    """Subjects that a user may publish to and subscribe to; everything else is denied."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def relay(region: str, service: str) -> Allowed:
    """Publishes its own service's facts and looks at where its stream ends."""
    stream = stream_name(region, service)
    return Allowed(
        (
            f"alongside.{region}.*.{service}.>",
            f"{API}.INFO",
            f"{API}.STREAM.INFO.{stream}",
            f"{API}.STREAM.MSG.GET.{stream}",
        ),
        (f"{inbox(f'{service}-relay')}.>",),
    )


def projector(region: str, service: str, durables: Sequence[tuple[str, str]]) -> Allowed:
    """Reads whole streams through its own durables, which it may make again, and rebuilds from them."""
    said, heard = [f"{API}.INFO"], [f"{service}-{part}" for part in ("heads", "rebuild", "provision")]
    for source in sorted({service, *(source for source, _ in durables)}):
        stream = stream_name(region, source)
        said += [f"{API}.STREAM.INFO.{stream}", f"{API}.STREAM.MSG.GET.{stream}"]
        if source != service:
            for reader in slots(f"{service}-rebuild"):
                said += _reader(stream, reader)
    for source, durable in durables:
        stream = stream_name(region, source)
        said += [
            *_reader(stream, durable),
            f"{API}.CONSUMER.RESET.{stream}.{durable}",
            *acks(stream, durable),
        ]
        heard.append(durable)
    return Allowed(tuple(said), tuple(f"{inbox(part)}.>" for part in dict.fromkeys(heard)))


def provisioner(region: str, services: Sequence[str]) -> Allowed:
    """Makes and mends streams and durables of this region; deletes durables only, reads and says no fact."""
    said = [f"{API}.INFO", f"{API}.STREAM.NAMES", f"{API}.STREAM.LIST"]
    for stream in (stream_name(region, service) for service in services):
        said += [f"{API}.STREAM.{verb}.{stream}" for verb in ("INFO", "CREATE", "UPDATE")]
        said += [f"{API}.CONSUMER.{verb}.{stream}" for verb in ("NAMES", "LIST")]
        said += [f"{API}.CONSUMER.{verb}.{stream}.>" for verb in ("INFO", "CREATE", "DELETE")]
    return Allowed(tuple(said), (f"{inbox('provisioner')}.>",))


def auditor(region: str, services: Sequence[str]) -> Allowed:
    """Sees everything that is there, and changes nothing: its readers have names of their own."""
    said = [f"{API}.INFO", f"{API}.STREAM.NAMES", f"{API}.STREAM.LIST"]
    for stream in (stream_name(region, service) for service in services):
        said += [
            f"{API}.STREAM.INFO.{stream}",
            f"{API}.CONSUMER.INFO.{stream}.*",
            f"{API}.DIRECT.GET.{stream}",
            f"{API}.DIRECT.GET.{stream}.>",
        ]
        for reader in AUDIT_READERS:
            said += [one for one in _reader(stream, reader) if ".INFO." not in one]
    return Allowed(tuple(said), (f"{inbox('auditor')}.>",))


def operator(region: str) -> Allowed:
    """Whoever mends: all of JetStream, and facts, which `stream repair` publishes again from the store.

    Nobody may subscribe to facts themselves: where nobody listens, a consumer that somebody made to deliver into
    another stream's subjects delivers nothing. Where somebody did, that stream would take it for facts.
    """
    return Allowed((f"{API}.>", "$JS.ACK.>", f"alongside.{region}.>"), ("_INBOX.>",))


def acks(stream: str, durable: str) -> tuple[str, str]:
    """Both forms: servers with domains put two tokens before the stream."""
    return (f"$JS.ACK.{stream}.{durable}.>", f"$JS.ACK.*.*.{stream}.{durable}.>")


def _reader(stream: str, name: str) -> list[str]:
    return [
        f"{API}.CONSUMER.INFO.{stream}.{name}",
        f"{API}.CONSUMER.CREATE.{stream}.{name}",
        f"{API}.CONSUMER.DELETE.{stream}.{name}",
        f"{API}.CONSUMER.MSG.NEXT.{stream}.{name}",
    ]


@dataclass(frozen=True)
class Shared:
    """A subject of the region's account that an integrator reaches."""

    subject: str
    responses: Literal["singleton", "stream"] = "singleton"

    def renamed(self, prefix: str) -> str:
        """As it is called in the integrator's account, which has a JetStream API of its own that is off."""
        return self.subject.replace(API, prefix, 1)


@dataclass(frozen=True)
class Granted:
    """One fact for one integrator: its one durable, with its one filter."""

    region: str
    topic: str
    stream: str
    durable: str

    @property
    def filter(self) -> str:
        contract = find_contract(self.topic)
        privacy = contract.privacy if contract else "sealed"
        return f"alongside.{self.region}.{privacy}.{self.topic}.>"

    def shared(self) -> Iterable[Shared]:
        """Exactly what reading one fact durably takes."""
        name = f"{self.stream}.{self.durable}"
        return (
            Shared(f"{API}.CONSUMER.CREATE.{name}.{self.filter}"),
            Shared(f"{API}.CONSUMER.INFO.{name}"),
            Shared(f"{API}.CONSUMER.DELETE.{name}"),
            Shared(f"{API}.CONSUMER.MSG.NEXT.{name}", "stream"),
            *(Shared(subject) for subject in acks(self.stream, self.durable)),
        )


def integrator(grants: Sequence[Granted], prefix: str) -> Allowed:
    """What is shared with them, and their own inboxes, in an account where nobody else is."""
    said = (shared.renamed(prefix) for grant in grants for shared in grant.shared())
    return Allowed(tuple(said), ("_INBOX.>",))
