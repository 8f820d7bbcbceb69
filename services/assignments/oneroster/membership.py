"""Who is in which class: what the roster says now, on top of what is known of the classes of one child."""

from collections.abc import Iterator, Mapping
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
    school_id: UUID | None = None
    line: int = 0
    pupils: dict[UUID, str] = field(default_factory=dict)
    aides: dict[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True)
class People:
    """What roles say, by sourcedId: aides, who left, and at which schools a role of somebody has ended."""

    aides: frozenset[str]
    gone: frozenset[str]
    ended: Mapping[tuple[str, str], frozenset[UUID | None]]

    def left(self, role: str, key: str, school_id: UUID | None) -> bool:
        """Whether somebody no longer has this role at this school; at one not known here, at any."""
        schools = self.ended.get((role, key), frozenset())
        return key in self.gone or (
            bool(schools) and (school_id is None or bool(schools & {None, school_id}))
        )

    def leavers(self, role: str) -> frozenset[str]:
        """Who left, or has lost this role somewhere."""
        return self.gone | {key for named, key in self.ended if named == role}


def people(read: ReadRoster, known: Roster, source: str, on: date) -> People:
    """Who is who on a day. One role may end at a school while the same goes on at another."""
    now: set[tuple[str, str, str]] = set()
    then: set[tuple[str, str, str]] = set()
    for line in read.roles.values():
        role = line.record
        holds = not role.gone and role.holds(on)
        (now if holds else then).add((role.role, role.user_sourced_id, role.org_sourced_id))
    ended: dict[tuple[str, str], frozenset[UUID | None]] = {}
    for named, key, org in then - now:
        school_id = known.links.get(made_from(source, "org", org))
        ended[named, key] = ended.get((named, key), frozenset()) | {school_id}
    gone = frozenset(key for key, line in read.users.items() if line.record.gone)
    aides = frozenset(key for named, key, _ in now if named == "aide")
    return People(aides - gone, gone, ended)


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
            at = known.links.get(made_from(source, "org", row.school_sourced_id), members.school_id)
            members.school_id, key = at, row.user_sourced_id
            holds = not row.gone and row.holds(on)
            if row.role == "student":
                person = made_from(source, "child", key)
                _put(members.pupils, person, key, holds and not who.left("student", key, at))
            elif _is_aide(row, who) or made_from(source, "aide", key) in aides:
                person = made_from(source, "aide", key)
                _put(members.aides, person, key, holds and not who.left("aide", key, at))
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
            yield Members(
                True,
                support.class_id,
                school_id=support.school_id,
                pupils={support.child_id: ""},
                aides=aides,
            )


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
    pupils = {made_from(source, "child", key): key for key in who.leavers("student")}
    aides = {made_from(source, "aide", key): key for key in who.leavers("aide")}
    for members in found.values():
        at = members.school_id
        for person in pupils.keys() & members.pupils.keys():
            if who.left("student", pupils[person], at):
                del members.pupils[person]
        for person in aides.keys() & members.aides.keys():
            if who.left("aide", aides[person], at):
                del members.aides[person]
