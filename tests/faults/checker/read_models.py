"""Some read models worked out anew from the JSON of the facts, by rules written for this purpose."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.faults.checker.databases import Stored
from tests.faults.checker.evidence import Evidence
from tests.faults.checker.finding import Finding

Columns = Mapping[str, Any]


@dataclass(frozen=True)
class Model:
    """A table whose key is the aggregate's id; `tells` maps each topic to the columns it sets."""

    service: str
    projection: str
    table: str
    key: str
    tells: Mapping[str, Callable[[dict[str, Any]], Columns]]


def _some(*names: str, **fixed: str | None) -> Callable[[dict[str, Any]], Columns]:
    return lambda data: {**{name: data.get(name) for name in names}, **fixed}


MODELS = (
    Model(
        "assignments",
        "coverage",
        "assignments",
        "assignment_id",
        {
            "MentorOffered": _some("child_id", "mentor_id", "school_id", "role", status="proposed"),
            "OfferAccepted": _some(status="accepted"),
            "OfferCancelled": _some("reason", status="cancelled"),
            "MentorAssigned": _some(
                "child_id",
                "mentor_id",
                "school_id",
                "role",
                "effective_from",
                "effective_until",
                "cover_id",
                status="active",
            ),
            "AssignmentPaused": _some("paused_from", status="paused"),
            "AssignmentResumed": _some(status="active"),
            "HandoverBegun": _some("last_day", status="handover_pending"),
            "HandoverRecorded": _some(handover="recorded"),
            "HandoverOverridden": _some(handover="overridden"),
            "AssignmentEnded": _some("reason", "ended_on", status="ended"),
        },
    ),
    Model(
        "assignments",
        "requests",
        "support_requests",
        "request_id",
        {
            "SupportRequestReceived": _some(
                "child_id", "school_id", "requester_kind", "child_name", "needs", status="received"
            ),
            "SupportRequestTriaged": lambda data: {"urgency": data["urgency"], "status": data["stage"]},
            "SupportRequestTakenOn": _some(status="matching"),
            "SupportRequestOffered": lambda data: {
                "status": data["stage"],
                "assignment_id": data["assignment_id"],
            },
            "SupportRequestAccepted": _some("assignment_id", status="accepted"),
            "SupportRequestMatchLost": lambda data: {
                "status": data["stage"],
                "fulfilled_on": None,
                **({"assignment_id": None} if data["stage"] == "matching" else {}),
            },
            "SupportRequestFulfilled": _some("assignment_id", "fulfilled_on", status="fulfilled"),
            "SupportRequestDeclined": _some("reason", status="declined"),
            "SupportRequestWithdrawn": _some("reason", status="withdrawn"),
        },
    ),
    Model(
        "sessions",
        "sessions",
        "sessions",
        "session_id",
        {
            "SessionScheduled": _some(
                "assignment_id", "mentor_id", "child_id", "school_id", state="scheduled"
            ),
            "SessionStarted": _some(state="in_progress"),
            "SessionFinished": _some(state="awaiting_log"),
            "SessionLogDrafted": _some(state="draft"),
            "SessionLogged": _some(
                "contact_minutes", "ratio", "notes", "late", state="submitted", return_reason=None
            ),
            "SessionReturned": lambda data: {"return_reason": data["reason"], "state": "returned"},
            "SessionApproved": _some("approved_by", state="approved"),
            "SessionVoided": _some("voided_by", state="voided"),
            "SessionMissed": _some(state="missed"),
            "SessionOverdue": _some(),
            "LogOverdue": _some(),
            "SessionCancelled": _some("cancelled_by", "chargeable", state="cancelled"),
            "RoleBoundaryBreached": _some(),
        },
    ),
)


def read_models_tell_what_the_facts_tell(evidence: Evidence) -> Iterator[Finding]:
    """Every fact is in its row or parked, and no row says anything else."""
    for model in MODELS:
        if model.service in evidence.stores:
            yield from _compare(evidence, model)
    if "audit" in evidence.stores:
        yield from _audited(evidence)


def _compare(evidence: Evidence, model: Model) -> Iterator[Finding]:
    kept, where = evidence.stores[model.service], f"{model.service}.{model.table}"
    parked = kept.parked_at(model.projection, model.service)
    expected: dict[str, dict[str, Any]] = {}
    for fact in kept.facts:
        tell = model.tells.get(fact.topic.split(".")[1])
        if tell is not None and fact.position not in parked:
            expected.setdefault(fact.stream, {}).update(tell(fact.data))
    rows = {str(row[model.key]): row for row in kept.rows(model.table)}
    for key in expected.keys() - rows.keys():
        yield Finding("neither_applied_nor_parked", where, key)
    for key in rows.keys() - expected.keys():
        yield Finding("row_without_fact", where, key)
    for key in expected.keys() & rows.keys():
        differing = {
            name: (value, rows[key][name])
            for name, value in expected[key].items()
            if not _told(value, rows[key][name])
        }
        if differing:
            yield Finding("read_model_differs", where, f"{key}: {differing}")


def _told(value: Any, shown: Any) -> bool:
    """Whether a row shows what the fact says; of what is sealed we see that somebody opened it."""
    if isinstance(value, str) and value.startswith("sealed:"):
        return shown is None or not str(shown).startswith(("sealed:", "erased", "withheld", "unavailable"))
    return bool(_plain(value) == _plain(shown))


def _audited(evidence: Evidence) -> Iterator[Finding]:
    """The ledger has every fact of every service, byte for byte."""
    kept = evidence.stores["audit"]
    rows = {(row["source"], row["position"]): bytes(row["body"]) for row in kept.rows("facts")}
    for service, store in evidence.stores.items():
        if service == "audit":
            continue
        parked = kept.parked_at("ledger", service)
        for fact in store.facts:
            found = rows.pop((service, fact.position), None)
            if fact.position not in parked and found != fact.state:
                name = "neither_applied_nor_parked" if found is None else "read_model_differs"
                yield Finding(name, "audit.facts", _place(service, fact))
    for source, position in rows:
        yield Finding("row_without_fact", "audit.facts", f"{source} {position}")


def _place(service: str, fact: Stored) -> str:
    return f"{service} {fact.position} {fact.topic}"


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)
