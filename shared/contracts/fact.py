"""What a published fact is: its base class, its markers, and the registry of every contract."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from shared.contracts.words.privacy import RetentionClass, Unreadable


class Fact(BaseModel):
    """Something that happened, in the past tense. Readers ignore fields they do not know."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class Concerns:
    """Marks a field that holds the id of whom (or what) the fact is about: `child`, `mentor`, `school` ..."""

    kind: str


@dataclass(frozen=True, slots=True)
class Personal:
    """Marks a field that holds personal data, and names the field with the id of the person it belongs to.

    It is sealed before it is stored, with the key of that person for what it is kept for. One that is no text
    has a type that takes `Unreadable` too; a text that can't be read is `Unreadable`, which is a text.
    """

    of: str
    keep: RetentionClass


@dataclass(frozen=True, slots=True)
class Contract:
    """A fact's published promise. `topic` is its one name everywhere: store, bus, registry, golden file.

    `concerns` tells of each field with an id whom it names; `personal` of each personal field which field has its
    owner's id, and `kept` what it is kept for.
    """

    topic: str
    aggregate: str
    model: type[Fact]
    concerns: Mapping[str, str]
    personal: Mapping[str, str]
    kept: Mapping[str, RetentionClass]
    restricted: bool = False

    @property
    def service(self) -> str:
        return self.topic.split(".")[0]

    @property
    def name(self) -> str:
        return self.topic.split(".")[1]

    @property
    def version(self) -> int:
        return int(self.topic.rsplit(".v", 1)[1])

    @property
    def schema_id(self) -> str:
        """The CloudEvent's `dataschema` and the schema's `$id`: stored for ever, so it names no host."""
        return f"urn:alongside:schema:{self.topic}"

    @property
    def privacy(self) -> str:
        """`restricted` when few may know of it, `sealed` when a field is personal, else `open`: in the subject."""
        if self.restricted:
            return "restricted"
        return "sealed" if self.personal else "open"


_by_topic: dict[str, Contract] = {}
_by_model: dict[type[Fact], Contract] = {}
_upcasts: dict[str, Callable[[Any], Fact]] = {}

F = TypeVar("F", bound=Fact)


def published(topic: str, *, aggregate: str, restricted: bool = False) -> Callable[[type[F]], type[F]]:
    """Register a fact under its topic `<service>.<Fact>.v<major>`, decided by the named aggregate.

    `restricted`: it is for the designated safeguarding lead alone; nobody else hears that it exists.
    """

    def register(model: type[F]) -> type[F]:
        if topic in _by_topic:
            raise ValueError(f"{topic} is published twice: by {_by_topic[topic].model} and by {model}")
        concerns = {name: mark.kind for name, mark in _marked(model, Concerns)}
        personal = dict(_marked(model, Personal))
        contract = Contract(
            topic,
            aggregate,
            model,
            concerns,
            {name: mark.of for name, mark in personal.items()},
            {name: mark.keep for name, mark in personal.items()},
            restricted,
        )
        for name in contract.personal.values():
            if name not in contract.concerns:
                raise ValueError(
                    f"{topic}: personal fields belong to {name!r}, which is not marked Concerns(...)"
                )
        _by_topic[topic] = _by_model[model] = contract
        return model

    return register


def upcasts(topic: str) -> Callable[[Callable[[F], Fact]], Callable[[F], Fact]]:
    """Register the pure function that turns a fact of an older `topic` into the next version's."""

    def register(upcast: Callable[[F], Fact]) -> Callable[[F], Fact]:
        _upcasts[topic] = upcast
        return upcast

    return register


def contracts() -> tuple[Contract, ...]:
    """Every contract registered so far, by topic."""
    return tuple(_by_topic[topic] for topic in sorted(_by_topic))


def contract_of(fact: Fact | type[Fact]) -> Contract:
    """The contract of a fact or of its class. KeyError when the class was never published."""
    return _by_model[fact if isinstance(fact, type) else type(fact)]


def find_contract(topic: str) -> Contract | None:
    """The contract with this topic, or None when this program does not know it (readers pass it by)."""
    return _by_topic.get(topic)


def is_newest(contract: Contract) -> bool:
    """Whether no function brings this version to a newer one."""
    return contract.topic not in _upcasts


def brought_up(topic: str) -> str:
    """What the function that brings this version to the next one says of itself; nothing without one."""
    upcast = _upcasts.get(topic)
    return " ".join((upcast.__doc__ or "").split()) if upcast else ""


def parse(contract: Contract, data: bytes, unreadable: Mapping[str, Unreadable] | None = None) -> Fact:
    """A fact's opened `data` as the newest version of its contract. Raises ValidationError on rubbish.

    `unreadable` names the personal fields that could not be opened, and why; `data` has any text in their place.
    """
    fact = contract.model.model_validate_json(data)
    if unreadable:
        fact = fact.model_copy(update=dict(unreadable))
    while upcast := _upcasts.get(contract_of(fact).topic):
        fact = upcast(fact)
    return fact


M = TypeVar("M", Concerns, Personal)


def _marked(model: type[Fact], marker: type[M]) -> Iterator[tuple[str, M]]:
    """The names of the fields that carry such a marker, each with it."""
    for name, field in model.model_fields.items():
        for mark in field.metadata:
            if isinstance(mark, marker):
                yield name, mark
