"""What clients were told, against what the stores hold."""

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from tests.faults.checker.databases import Stored
from tests.faults.checker.evidence import Evidence
from tests.faults.checker.finding import Finding
from tests.faults.checker.journal import Command

BREACH = "sessions.RoleBoundaryBreached.v1"
# An accepted request makes its child accepted too, by a command of its own; and known, if no policy was there first.
ALSO_MADE = tuple(
    f"assignments.{name}.v1" for name in ("ChildReferred", "ChildAccepted", "ProvisionSpecified")
)
# Who asks for cover has the primary stand aside, and with a name agrees for that mentor: commands of their own.
ASKED_WITH = tuple(
    f"assignments.{name}.v1" for name in ("PrimaryStoodAside", "CoverAccepted", "CoverCancelled")
)
BY_RULE = ("policy:", "effect:", "due:")


def caused(evidence: Evidence) -> dict[tuple[str, str], list[Stored]]:
    """The facts of each service by the key of the command that caused them."""
    found: dict[tuple[str, str], list[Stored]] = defaultdict(list)
    for service, kept in evidence.stores.items():
        for fact in kept.facts:
            found[service, fact.cause].append(fact)
    return found


def is_import(command: Command) -> bool:
    """An import decides on many schools; it has no answer of its own kept."""
    return command.path.endswith("/import")


def accepted_commands_are_stored(evidence: Evidence) -> Iterator[Finding]:
    """Every 2xx: exactly the facts that it names, at the position that it names, and the key kept."""
    facts = caused(evidence)
    for command in evidence.journal:
        if not command.accepted or is_import(command):
            continue
        answer = command.accepted[0].body
        found = facts[command.service, command.kept_key]
        named = [topic for topic in answer["facts"] if not (is_acceptance(command) and topic in ALSO_MADE)]
        if [fact.topic for fact in found] != named:
            told = f"{command.path} answered {named}, stored is {[fact.topic for fact in found]}"
            yield Finding("accepted_but_not_stored", command.service, f"{command.kept_key}: {told}")
        elif found and not is_acceptance(command) and found[-1].position != answer["position"]:
            told = f"answered {answer['position']}, stored at {found[-1].position}"
            yield Finding("position_told_is_wrong", command.service, f"{command.kept_key}: {told}")
        if command.kept_key not in evidence.stores[command.service].requests:
            yield Finding("key_not_kept", command.service, command.kept_key)
        if is_acceptance(command):
            yield from _one_child(evidence, answer["id"])


def is_acceptance(command: Command) -> bool:
    return command.path.endswith("/take-on")


def _one_child(evidence: Evidence, request_id: str) -> Iterator[Finding]:
    children = [
        fact for fact in evidence.of("assignments.ChildAccepted") if fact.data["request_id"] == request_id
    ]
    if len(children) != 1:
        yield Finding(
            "child_not_accepted_once", "assignments", f"request {request_id}: {len(children)} times"
        )


def refused_commands_are_not(evidence: Evidence) -> Iterator[Finding]:
    """Every 4xx: nothing, except a breach of the role boundary, which is recorded exactly once."""
    facts = caused(evidence)
    for command in evidence.journal:
        if not command.refused or command.accepted or is_import(command):
            continue
        found = [fact.topic for fact in facts[command.service, command.kept_key]]
        code = command.refused[-1].body.get("code")
        expected = [BREACH] if code == "role_boundary_breached" else []
        if found != expected:
            name = "breach_not_recorded_once" if expected else "refused_but_stored"
            yield Finding(name, command.service, f"{command.kept_key}: {code}, stored is {found}")


def unanswered_commands_are_whole_or_absent(evidence: Evidence) -> Iterator[Finding]:
    """With or without an answer: facts, kept answer and claims came together or not at all."""
    facts = caused(evidence)
    for command in evidence.journal:
        if is_import(command):
            continue
        found = facts[command.service, command.kept_key]
        kept = evidence.stores[command.service].requests.get(command.kept_key)
        if kept is None and found:
            yield Finding("half_stored", command.service, f"{command.kept_key}: facts without a kept answer")
        if kept is not None and kept["status"] < 300:
            named = json.loads(bytes(kept["response"]))["facts"]
            if [fact.topic for fact in found] != named:
                told = f"the kept answer names {named}, stored is {[fact.topic for fact in found]}"
                yield Finding("half_stored", command.service, f"{command.kept_key}: {told}")


def a_key_has_one_answer_and_one_effect(evidence: Evidence) -> Iterator[Finding]:
    """The same key: always the same answer, and facts of one commit on one stream."""
    facts = caused(evidence)
    for command in evidence.journal:
        answers = [(found.status, found.body) for found in command.accepted]
        if any(answer != answers[0] for answer in answers):
            told = " then ".join(f"{status} {json.dumps(body)[:160]}" for status, body in answers[:2])
            yield Finding("answers_differ", command.service, f"{command.kept_key} {command.path}: {told}")
        if answers and command.refused:
            told = f"{answers[0][0]}, and {command.refused[-1].body.get('code')} another time"
            yield Finding("answers_differ", command.service, f"{command.kept_key} {command.path}: {told}")
        found = facts[command.service, command.kept_key]
        apart = any(two.position != one.position + 1 for one, two in pairwise(found))
        if not is_import(command) and (apart or len({fact.stream for fact in found}) > 1):
            places = [(fact.stream, fact.position) for fact in found]
            yield Finding("key_with_two_effects", command.service, f"{command.kept_key}: {places}")


def no_fact_comes_from_nowhere(evidence: Evidence) -> Iterator[Finding]:
    """Every fact that no rule of the system recorded was asked for by a client."""
    asked = {(command.service, command.kept_key) for command in evidence.journal}
    asked |= {(command.service, command.key) for command in evidence.journal if is_import(command)}
    accepted = {fact.data["request_id"] for fact in evidence.of("assignments.SupportRequestTakenOn")}
    covers = {fact.stream for fact in evidence.of("assignments.CoverRequested")}
    for service, kept in evidence.stores.items():
        for fact in kept.facts:
            if fact.actor.startswith(BY_RULE) or (service, fact.cause) in asked:
                continue
            if fact.topic in ALSO_MADE and fact.cause in accepted:
                continue
            if fact.topic in ASKED_WITH and fact.cause in covers:
                continue
            if fact.topic.endswith(".RecordViewed.v1"):  # a question was answered, which no journal holds
                continue
            yield Finding(
                "fact_from_nowhere", service, f"{fact.position} {fact.topic} because of {fact.cause}"
            )
