"""Which stored facts a listener wants, found out cheaply; and the fact inside, or why there is none."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from shared.contracts.fact import Contract, Fact, contract_of, contracts, find_contract, is_newest, parse
from shared.contracts.words.privacy import Unreadable as Reads
from shared.kernel import envelope
from shared.kernel.envelope import NO_KEYS
from shared.kernel.erasure.erased import Erased
from shared.kernel.projection import Listener, RawProjection
from shared.kernel.projections.failing import told
from shared.kernel.recorded import Arrival, Recorded
from shared.kernel.sealing.batches import Keys, but_for, refs_in
from shared.kernel.sealing.keyring import KeyRef

# Stored bytes that are no envelope belong to no aggregate that anybody could name.
NO_STREAM = UUID(int=0)


class KeyMissing(Exception):
    """There must be a key that opens a personal field, and the keyring can't give it: that is damage."""


class UnknownVersion(Exception):
    """A newer version of a fact that is listened to: this program is too old to understand it."""


class Heard(msgspec.Struct):
    """A stored fact that a listener wants, and what its function is called with.

    `error` says why it could not be read; then there are no arguments. A raw listener's has its `signature`.
    """

    position: int
    stream: UUID
    topic: str
    state: bytes
    arguments: tuple[Any, ...] = ()
    error: str = ""
    signature: str = ""

    def parked(self, error: str = "") -> "Heard":
        """The same fact as it is parked; without an error it only waits behind another."""
        return Heard(self.position, self.stream, self.topic, self.state, (), error, self.signature)


class Listening:
    """The facts of one source that a listener wants: any version of them that it can bring up to date."""

    def __init__(self, listener: Listener, source: str, erased: Erased | None = None) -> None:
        """What is said late of whom is `erased` is heard as an error, so that it is parked."""
        self._erased = Erased() if erased is None else erased
        self._source = source
        self._parsers: dict[str, Callable[[bytes], Fact]] = {}
        self._raw = isinstance(listener, RawProjection)
        self._models = frozenset(fact for fact in listener.listens if contract_of(fact).service == source)
        self._names = frozenset(contract_of(fact).topic.rsplit(".v", 1)[0] for fact in self._models)
        self._wanted: dict[str, bool] = {}
        self._classes = listener.opens
        self._sealed: dict[str, Contract] = {
            contract.topic: contract
            for contract in contracts()
            if contract.personal and contract.topic.rsplit(".v", 1)[0] in self._names
        }

    @property
    def opens(self) -> bool:
        """Whether it wants facts with sealed fields: most listeners do not."""
        return bool(self._sealed) and bool(self._classes)

    def keys_for(self, batch: Iterable[Arrival]) -> set[KeyRef]:
        """The keys that open what is wanted of a batch."""
        if not self.opens:
            return set()
        refs = {ref for arrival in batch for ref in refs_in(arrival[1], self._sealed)}
        return {ref for ref in refs if ref.keep in self._classes}

    @property
    def patterns(self) -> list[str]:
        """SQL LIKE patterns of the topics wanted."""
        return ["%"] if self._raw else [name.replace("_", r"\_") + ".v%" for name in sorted(self._names)]

    def wants(self, topic: str) -> bool:
        wanted = self._wanted.get(topic)
        if wanted is None:
            wanted = self._wanted[topic] = topic.rsplit(".v", 1)[0] in self._names
        return wanted

    def hear_all(self, batch: Iterable[Arrival], keys: Keys = NO_KEYS) -> Iterator[Heard]:
        """Those of a batch that are wanted, in their order. `keys` has those of `keys_for`."""
        keys = but_for(keys, self._classes)
        for arrival in batch:
            heard = self.hear(arrival[0], arrival[1], *arrival[2:], keys=keys)
            if heard is not None:
                yield heard

    def hear(self, position: int, state: bytes, signature: str = "", *, keys: Keys = NO_KEYS) -> Heard | None:
        """The fact at this position, or None when it is not wanted. Never raises: an error is an answer."""
        try:
            read = envelope.read(state)
        except (msgspec.MsgspecError, ValueError) as error:
            return Heard(position, NO_STREAM, "", state, error=told(error), signature=signature)
        topic = read.type
        if self._raw:
            arguments = (position, read, state, signature)
            return Heard(position, _stream_of(read), topic, state, arguments, signature=signature)
        wanted = self._wanted.get(topic)
        if not (self.wants(topic) if wanted is None else wanted):
            return None
        try:
            sealed = self._sealed.get(topic)
            if sealed is None:
                fact = (self._parsers.get(topic) or self._parser(topic))(bytes(read.data))
            else:
                data, unreadable = envelope.opened(read, sealed, keys)
                if Reads.UNAVAILABLE in unreadable.values():
                    raise KeyMissing(f"the keyring has lost the key of {', '.join(sorted(unreadable))}")
                fact = parse(sealed, data, unreadable)
            stream = read.stream
            if sealed is not None and (late := self._erased.late(fact, read.time)):
                return Heard(position, stream, topic, state, error=late)
        except Exception as error:
            return Heard(position, _stream_of(read), topic, state, error=told(error))
        if type(fact) not in self._models:
            return None
        recorded = Recorded(
            fact,
            self._source,
            position,
            stream,
            read.streamversion,
            read.time,
            read.id,
            read.region,
            read.actor,
            read.correlationid,
            read.causationid,
        )
        return Heard(position, stream, topic, state, (recorded,))

    def _parser(self, topic: str) -> Callable[[bytes], Fact]:
        """What makes facts of this topic; without the detours of `parse`, since it is hot."""
        contract = find_contract(topic)
        if contract is None:
            raise UnknownVersion(f"{topic} is newer than this program; upgrade it, then retry")
        if is_newest(contract):
            parser = contract.model.__pydantic_validator__.validate_json
        else:
            parser = partial(parse, contract)
        self._parsers[topic] = parser
        return parser


def _stream_of(read: envelope.Envelope) -> UUID:
    try:
        return read.stream
    except (ValueError, IndexError):
        return NO_STREAM
