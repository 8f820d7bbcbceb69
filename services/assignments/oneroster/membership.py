"""Who is in which class: what the roster says now, on top of what is known of the classes of one child."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.assignments.domain.roster import Roster, made_from
from services.assignments.oneroster.reading import Line
from services.assignments.oneroster.records import Enrollment
from services.assignments.oneroster.rosters import ReadRoster

AIDE = "ext:aide"
"""How an enrollment calls an aide: the standard has the role in roles.csv alone, and lets it be extended."""


@dataclass
class Members:
    """The pupils and aides of a class, by id; each with its sourcedId where the roster in hand has it.

    `whole`: everybody in it is known. `line` is the class's last enrollment.
    """

    whole: bool
    class_id: UUID
    sourced_id: str = ""
    org: str = ""
    line: int = 0
    pupils: dict[UUID, str] = field(default_factory=dict)
    aides: dict[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True)
class People:
    """What roles say: aides, and those who no longer are what they were. By sourcedId."""

    aides: frozenset[str]
    gone: frozenset[str]
    pupils_no_more: frozenset[str]
    aides_no_more: frozenset[str]


def people(read: ReadRoster, on: date) -> People:
    """Who is who on a day."""
    now: dict[str, set[str]] = {}
    then: dict[str, set[str]] = {}
    for line in read.roles.values():
        role = line.record
        holds = not role.gone and role.holds(on)
        (now if holds else then).setdefault(role.role, set()).add(role.user_sourced_id)
    gone = frozenset(key for key, line in read.users.items() if line.record.gone)

    def no_more(role: str) -> frozenset[str]:
        return frozenset(then.get(role, set()) - now.get(role, set()))

    return People(frozenset(now.get("aide", ())) - gone, gone, no_more("student"), no_more("aide"))


def classes_of(
    read: ReadRoster, known: Roster, source: str, who: People, on: date, *, whole_classes: bool
) -> dict[UUID, Members]:
    """Every class that has a pupil, or had one who was supported there."""
    whole = read.whole("enrollments")
    found = {} if whole else {members.class_id: members for members in _recorded(known)}
    if found:
        _name(read, found, source)
    aides = known.aides
    for class_key, lines in _with_aides(read, known, source, who).items():
        class_id = made_from(source, "class", class_key)
        members = found.setdefault(class_id, Members(whole or whole_classes, class_id))
        for line in lines:
            row = line.record
            members.sourced_id, members.org, members.line = class_key, row.school_sourced_id, line.line
            key = row.user_sourced_id
            holds = not row.gone and row.holds(on) and key not in who.gone
            if row.role == "student":
                person = made_from(source, "child", key)
                _put(members.pupils, person, key, holds and key not in who.pupils_no_more)
            elif _is_aide(row, who) or made_from(source, "aide", key) in aides:
                person = made_from(source, "aide", key)
                _put(members.aides, person, key, holds and key not in who.aides_no_more)
    _take_away(read, found, source, who)
    return found


def _with_aides(
    read: ReadRoster, known: Roster, source: str, who: People
) -> dict[str, list[Line[Enrollment]]]:
    """The enrollments of each class that matters: most classes have no aide, and nobody in them is looked at."""
    found: dict[str, list[Line[Enrollment]]] = {}
    aides = known.aides
    matter: set[str] = set()
    for line in read.enrollments.values():
        row = line.record
        found.setdefault(row.class_sourced_id, []).append(line)
        if row.role != "student" and (
            _is_aide(row, who) or (aides and made_from(source, "aide", row.user_sourced_id) in aides)
        ):
            matter.add(row.class_sourced_id)
    if known.supports:
        classes = {class_id for class_id, _ in known.supports}
        matter |= {key for key in found if made_from(source, "class", key) in classes}
    return {key: lines for key, lines in found.items() if key in matter}


def _is_aide(row: Enrollment, who: People) -> bool:
    return row.role == AIDE or row.user_sourced_id in who.aides


def _recorded(known: Roster) -> Iterator[Members]:
    for support in known.supports.values():
        if support.class_id is not None:
            aides = {} if support.aide_id is None else {support.aide_id: ""}
            yield Members(True, support.class_id, pupils={support.child_id: ""}, aides=aides)


def _name(read: ReadRoster, found: dict[UUID, Members], source: str) -> None:
    """Whoever is known and has a row in the roster in hand has a sourcedId again."""
    pupils = {made_from(source, "child", key): key for key in read.users}
    aides = {made_from(source, "aide", key): key for key in read.users}
    for members in found.values():
        members.pupils.update({person: pupils.get(person, "") for person in members.pupils})
        members.aides.update({person: aides.get(person, "") for person in members.aides})


def _put(people: dict[UUID, str], person: UUID, sourced_id: str, holds: bool) -> None:
    if holds:
        people[person] = sourced_id
    else:
        people.pop(person, None)


def _take_away(read: ReadRoster, found: dict[UUID, Members], source: str, who: People) -> None:
    """Whoever left the roster is in no class, and a class that left it has nobody."""
    for key, line in read.classes.items():
        if line.record.gone and (members := found.get(made_from(source, "class", key))):
            members.pupils.clear()
            members.aides.clear()
    pupils = {made_from(source, "child", key) for key in who.gone | who.pupils_no_more}
    aides = {made_from(source, "aide", key) for key in who.gone | who.aides_no_more}
    for members in found.values():
        for person in pupils & members.pupils.keys():
            del members.pupils[person]
        for person in aides & members.aides.keys():
            del members.aides[person]
