"""A history in which every personal field says of which class it is, and every question that can be asked of it."""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any
from uuid import UUID

import httpx
from fastapi.routing import APIRoute

from shared.contracts.assignments.child import ChildAccepted
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.fact import Fact, contract_of
from shared.contracts.words.privacy import RETENTION_CLASSES, RetentionClass
from shared.contracts.words.purposes import Purpose
from shared.kernel.app import ruled
from shared.kernel.auth import ROLES, KnowsTheAddress, rule_of
from shared.kernel.service import Service
from shared.kernel.sight import PEOPLE, SEES
from tests.support import people
from tests.support.examples import example, examples, house_contracts

SERVICES = ("assignments", "sessions", "training", "notifications", "audit")
BORN = date(1987, 6, 5)
CANARIES: dict[RetentionClass, str] = {keep: f"Canary{keep.capitalize()}" for keep in RETENTION_CLASSES}
NOT_TOLD = ("view", "forgetting", "record", "certificate")
"""Aggregates of facts that are not of the story: who would be forgotten has no canaries left."""


def service_of(name: str) -> Service:
    found: Service = import_module(f"services.{name}.main").service
    return found


def told(fact: Fact) -> Fact:
    """The fact with the name of its class in each personal field that is a text, and one birth date."""
    contract = contract_of(fact)
    said: dict[str, Any] = {}
    for name, keep in contract.kept.items():
        value = getattr(fact, name)
        if isinstance(value, date):
            said[name] = BORN
        elif isinstance(value, str) and contract.model.model_fields[name].annotation in (str, str | None):
            said[name] = f"{CANARIES[keep]} of {name}"
    return fact.model_copy(update=said)


def history(service: str) -> list[Fact]:
    """Every example of what a service publishes, in the order in which its story is told.

    There is another child and another mentor, so that lists of them go on after the first.
    """
    known = {contract.model for contract in house_contracts() if contract.service == service}
    others = (
        example(ChildAccepted).model_copy(update={"child_id": people.OTHER_CHILD}),
        example(MentorEngaged).model_copy(update={"mentor_id": people.COORDINATOR}),
    )
    return [
        told(fact)
        for fact in (*examples().values(), *others)
        if type(fact) in known and contract_of(fact).aggregate not in NOT_TOLD
    ]


@dataclass(frozen=True)
class Question:
    """One GET, as one role, for one purpose."""

    path: str
    params: dict[str, str]
    role: str
    name: str
    purpose: Purpose

    @property
    def headers(self) -> dict[str, str]:
        token = f"dev:{self.role}:uk-london:{self.name}"
        return {"Authorization": f"Bearer {token}", "Alongside-Purpose": self.purpose}


ASKED = {
    "from": "2026-09-01", "to": "2026-09-30", "since": "2026-09-01", "until": "2026-09-30",
    "item": "slt", "role": "mentor", "source": "assignments", "position": "2",
}  # fmt: skip
NAMES = {"mentor": str(people.MENTOR), "school": str(people.SCHOOL), "parent": str(people.CHILD)}
ENDLESS = ("/live",)


def ids() -> dict[str, UUID]:
    """An id of each kind that the history tells of."""
    found: dict[str, UUID] = {"child_id": people.CHILD, "mentor_id": people.MENTOR}
    for service in SERVICES:
        for fact in history(service):
            for name, value in fact:
                if isinstance(value, UUID):
                    found.setdefault(name, value)
    return found


def questions(service: Service, *, every: bool) -> Iterator[Question]:
    """Every GET of the service by everybody who may ask it.

    `every`: for everything that they may say they ask for; else one role of those that see the same.
    """
    known = ids()
    for router in service.routers:
        for route in ruled(router):
            rule = rule_of(list(route.dependencies)) or rule_of(list(router.dependencies))
            if "GET" not in (route.methods or ()) or rule is None or isinstance(rule, KnowsTheAddress):
                continue
            if route.path.endswith(ENDLESS):
                continue
            askers = [(role, purpose) for role in sorted(rule.roles & ROLES) for purpose in SEES[role]]
            path, params = _address(service.name, route, known)
            for role, purpose in askers if every else _telling(askers):
                name = NAMES.get(role, "ann")
                yield Question(path, params, role, name, purpose)
                if _is_paged(route) and (every or not SEES[role][purpose]):
                    yield Question(path, {**params, "limit": "1"}, role, name, purpose)


def _telling(askers: list[tuple[str, Purpose]]) -> list[tuple[str, Purpose]]:
    """For each set of classes one role that sees no more for what opens least; and whoever sees most of all."""
    least = {role: min(SEES[role], key=lambda one: len(SEES[role][one])) for role, _ in askers}
    most = max(askers, key=lambda asker: len(SEES[asker[0]][asker[1]]))
    # Who sees all that there is can be shown nothing that they may not see.
    seeing = {SEES[role][purpose]: (role, purpose) for role, purpose in least.items()}
    return list(dict.fromkeys([*(asker for opens, asker in seeing.items() if opens < PEOPLE), most]))


def _address(service: str, route: APIRoute, known: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    path = f"/{service}{route.path_format}"
    for parameter in route.param_convertors:
        path = path.replace(f"{{{parameter}}}", str(known.get(parameter, ASKED.get(parameter, people.VIEW))))
    required = [field.alias for field in _required(route)]
    return path, {name: str(known.get(name, ASKED.get(name, ""))) for name in required}


def _is_paged(route: APIRoute) -> bool:
    return {"cursor", "limit"} <= {field.alias for field in route.dependant.query_params}


def _required(route: APIRoute) -> Iterator[Any]:
    pending = [route.dependant]
    while pending:
        dependant = pending.pop()
        pending += dependant.dependencies
        yield from (field for field in dependant.query_params if field.field_info.is_required())


def classes_in(answer: httpx.Response) -> frozenset[RetentionClass]:
    """Whose canaries sing in an answer, also in what its cursor says to whoever decodes it."""
    said = answer.text
    for cursor in re.findall(r'"next":"([^"]+)"', said):
        said += base64.urlsafe_b64decode(cursor).decode(errors="replace")
    found = {keep for keep, canary in CANARIES.items() if canary in said}
    return frozenset(found | ({"profile"} if BORN.isoformat() in said else set()))
