"""The stored bytes: one CloudEvent 1.0 in structured JSON, written once and moved unchanged ever after."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID
from zlib import crc32

import msgspec
import orjson
import uuid_utils

from shared.contracts.fact import Contract, Fact, contract_of, find_contract, parse
from shared.contracts.words.privacy import Unreadable
from shared.kernel.recorded import Recorded
from shared.kernel.sealing.fields import assert_readable, open_data, seal_data
from shared.kernel.sealing.keyring import KeyRef

PARTITIONS = 64
SIGNATURE = "Alongside-Signature"
"""The header that carries what the producer signed a fact with."""


Found: TypeAlias = bytes | Unreadable
NO_KEYS: Mapping[KeyRef, bytes] = MappingProxyType({})


class Envelope(msgspec.Struct, frozen=True):
    """The CloudEvent's attributes; `data` stays raw until somebody wants the fact."""

    id: UUID
    source: str
    type: str
    subject: str
    time: datetime
    region: str
    streamversion: int
    correlationid: str
    causationid: str
    actor: str
    data: msgspec.Raw
    dataschema: str = ""
    salt: str = ""

    @property
    def stream(self) -> UUID:
        # As a JSON string: a typed decoder takes two thirds of the time of msgspec.convert.
        return _stream.decode('"' + self.subject.rsplit("/", 1)[1] + '"')

    @property
    def service(self) -> str:
        return self.source.rsplit("/", 1)[1]


_envelope = msgspec.json.Decoder(Envelope)
_stream = msgspec.json.Decoder(UUID)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who caused facts to be recorded, and when: the part of the envelope that a command brings along."""

    region: str
    service: str
    actor: str
    at: datetime
    correlation_id: str
    causation_id: str


def new_id(at: datetime) -> UUID:
    """A UUIDv7 of this moment (RFC 9562)."""
    return UUID(
        int=uuid_utils.uuid7(nanoseconds=int(at.timestamp()) * 1_000_000_000 + at.microsecond * 1000).int
    )


def encode(
    fact: Fact,
    origin: Origin,
    stream: UUID,
    version: int,
    *,
    id_: UUID | None = None,
    salt: str = "",
    keys: Mapping[KeyRef, bytes] = NO_KEYS,
) -> bytes:
    """The complete CloudEvent of a fact, as the bytes that the store keeps.

    `id_` and `salt` are chance unless given: who makes a history from a seed makes the same bytes again. `keys`
    are those that its personal fields are sealed with; KeyError when one is missing. Raises Unrecordable.
    """
    contract = contract_of(fact)
    id_ = id_ or new_id(origin.at)
    data = fact.model_dump_json().encode()
    if contract.personal:
        assert_readable(contract, dict(fact))  # as JSON, what can't be read is a text like any other
        data = orjson.dumps(seal_data(contract, id_, orjson.loads(data), keys))
    head = msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": id_,
            "source": f"/{origin.region}/{origin.service}",
            "type": contract.topic,
            "subject": f"{contract.aggregate}/{stream}",
            "time": origin.at.astimezone(UTC),
            "datacontenttype": "application/json",
            "dataschema": contract.schema_id,
            "region": origin.region,
            "streamversion": version,
            "correlationid": origin.correlation_id,
            "causationid": origin.causation_id,
            "actor": origin.actor,
            # so that a digest of the bytes can never be found by guessing their content
            "salt": salt or secrets.token_hex(16),
        }
    )
    return head[:-1] + b',"data":' + data + b"}"


def read(state: bytes) -> Envelope:
    """The envelope of stored bytes. Raises msgspec.ValidationError when it is not one of ours."""
    return _envelope.decode(state)


def opened(
    envelope: Envelope, contract: Contract, keys: Mapping[KeyRef, Found] = NO_KEYS
) -> tuple[bytes, Mapping[str, Unreadable]]:
    """The `data` with its personal fields open, and which of them can't be read, and why.

    `keys` are those of `refs_to_open`; KeyError when one is missing. Raises SealBroken.
    """
    if not contract.personal:
        return bytes(envelope.data), {}
    data, unreadable = open_data(contract, envelope, orjson.loads(bytes(envelope.data)), keys)
    return orjson.dumps(data), unreadable


def recorded(
    envelope: Envelope,
    contract: Contract,
    position: int,
    keys: Mapping[KeyRef, Found] = NO_KEYS,
) -> Recorded[Fact]:
    """The fact inside, parsed as the newest version of its contract. Raises ValidationError on rubbish.

    `keys` open its personal fields, see `opened`.
    """
    return Recorded(
        fact=parse(contract, *opened(envelope, contract, keys)),
        source=envelope.service,
        position=position,
        stream=envelope.stream,
        version=envelope.streamversion,
        recorded_at=envelope.time,
        id=envelope.id,
        region=envelope.region,
        actor=envelope.actor,
        correlation_id=envelope.correlationid,
        causation_id=envelope.causationid,
    )


def fact_in(state: bytes, keys: Mapping[KeyRef, Found] = NO_KEYS) -> Fact:
    """The fact in stored bytes. LookupError when this program has no contract for its type.

    `keys` open its personal fields, see `opened`.
    """
    envelope = read(state)
    contract = find_contract(envelope.type)
    if contract is None:
        raise LookupError(f"no contract for {envelope.type}")
    return parse(contract, *opened(envelope, contract, keys))


def partition(stream: UUID) -> int:
    """The partition (0..63) of an aggregate: the same on every machine and in every version."""
    return crc32(stream.bytes) % PARTITIONS


def subject(envelope: Envelope) -> str:
    """The NATS subject a fact is published on."""
    return subject_of(envelope.region, envelope.type, partition(envelope.stream))


def subject_of(region: str, topic: str, number: int) -> str:
    """The NATS subject of a fact by its topic and partition; an unknown contract is treated as sealed."""
    contract = find_contract(topic)
    privacy = contract.privacy if contract else "sealed"
    service, name, version = topic.split(".")
    return f"alongside.{region}.{privacy}.{service}.{name}.{version}.p{number:02d}"


def stream_name(region: str, service: str) -> str:
    """The JetStream stream that holds a service's facts: EV_<REGION>_<SERVICE>."""
    return f"EV_{region}_{service}".upper().replace("-", "_")
