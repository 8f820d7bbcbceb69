"""Whom an agency takes over from a roster: only who is supported one to one, or is named by hand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.assignments.domain.roster import Place, Roster, made_from
from services.assignments.oneroster.membership import Members, classes_of, people
from services.assignments.oneroster.report import Item
from services.assignments.oneroster.rosters import ReadRoster


@dataclass(frozen=True, slots=True)
class Wanted:
    """A child whom the roster shows one to one with an aide; or one named by hand, without a class.

    Its sourcedIds are "" where the roster in hand does not show them; `org` is the school's.
    """

    class_id: UUID | None
    child_id: UUID
    pupil: str
    aide_id: UUID | None
    aide: str
    org: str
    line: int

    @property
    def place(self) -> Place:
        return self.class_id, self.child_id


@dataclass
class Chosen:
    """What is to become of it: who is wanted, who is no more, who is merely not mentioned, what is undecided."""

    wanted: list[Wanted] = field(default_factory=list)
    gone: set[Place] = field(default_factory=set)
    absent: set[Place] = field(default_factory=set)
    told: list[Item] = field(default_factory=list)


def choose(
    read: ReadRoster,
    known: Roster,
    source: str,
    on: date,
    *,
    students: frozenset[str] = frozenset(),
    whole_classes: bool = False,
) -> Chosen:
    """Pure: the same roster on the same day leads to the same choice.

    `students` are named by whoever imports. `whole_classes`: a delta lists every class it touches in full.
    """
    who = people(read, known, source, on)
    classes = classes_of(read, known, source, who, on, whole_classes=whole_classes)
    chosen = Chosen()
    for members in classes.values():
        _judge(members, chosen)
    chosen.wanted += _named(read, source, on, students, chosen)
    kept = {wanted.place for wanted in chosen.wanted}
    ended = _explicitly(read, source, on)
    leavers = {made_from(source, "child", key): key for key in who.leavers("student")}
    for place, support in known.supports.items():
        if place in kept:
            continue
        key = leavers.get(support.child_id)
        if key is not None and who.left("student", key, support.school_id):
            chosen.gone.add(place)
        elif support.class_id is None:
            _without_class(place, read, source, chosen)
        elif not read.whole("enrollments"):
            if support.class_id in classes:
                chosen.gone.add(place)
        elif place in ended or (support.class_id, None) in ended:
            chosen.gone.add(place)
        elif support.class_id in classes and classes[support.class_id].pupils.keys() - {support.child_id}:
            chosen.gone.add(place)  # the class has others now
        else:
            chosen.absent.add(place)
    return chosen


def _judge(members: Members, chosen: Chosen) -> None:
    if not members.pupils or not members.aides:
        return
    if len(members.pupils) == 1 and members.whole:
        (child_id, pupil), *_ = members.pupils.items()
        aide_id, aide = min(members.aides.items(), key=lambda each: (each[1], str(each[0])))
        chosen.wanted.append(
            Wanted(members.class_id, child_id, pupil, aide_id, aide, members.org, members.line)
        )
        return
    if members.whole:
        detail = (
            f"an aide is in a class with {len(members.pupils)} pupils: not one to one, nobody is taken over; "
            "if one of them has a mentor, name the pupil (students)"
        )
    else:
        detail = (
            "this delta shows an aide and a pupil, not who else is in the class; send a bulk, name the pupil "
            "(students), or say that classes are listed in full (whole_classes)"
        )
    chosen.told.append(
        Item(
            what="undecided",
            kind="support",
            sourced_id=members.sourced_id,
            file="enrollments.csv",
            line=members.line,
            detail=detail,
        )
    )


def _named(
    read: ReadRoster, source: str, on: date, students: frozenset[str], chosen: Chosen
) -> Iterator[Wanted]:
    """Those named by hand who are in no class of their own."""
    taken = {wanted.child_id for wanted in chosen.wanted}
    orgs = {
        line.record.user_sourced_id: line.record.org_sourced_id
        for line in read.roles.values()
        if line.record.role == "student" and not line.record.gone and line.record.holds(on)
    }
    for pupil in sorted(students):
        child_id = made_from(source, "child", pupil)
        line = read.users.get(pupil)
        if child_id in taken:
            continue
        if line is None or line.record.gone or pupil not in orgs:
            detail = "was named, but has no row in users.csv with the role student in roles.csv"
            found = line.line if line else 0
            chosen.told.append(
                Item(
                    what="undecided",
                    kind="child",
                    sourced_id=pupil,
                    file="users.csv",
                    line=found,
                    detail=detail,
                )
            )
            continue
        yield Wanted(None, child_id, pupil, None, "", orgs[pupil], line.line)


def _explicitly(read: ReadRoster, source: str, on: date) -> set[tuple[UUID | None, UUID | None]]:
    """What a whole roster says has ended, beside leaving it out: a class, or a child in it."""
    ended: set[tuple[UUID | None, UUID | None]] = set()
    for key, line in read.classes.items():
        if line.record.gone:
            ended.add((made_from(source, "class", key), None))
    for row in (line.record for line in read.enrollments.values()):
        if row.role == "student" and (row.gone or not row.holds(on)):
            ended.add(
                (
                    made_from(source, "class", row.class_sourced_id),
                    made_from(source, "child", row.user_sourced_id),
                )
            )
    return ended


def _without_class(place: Place, read: ReadRoster, source: str, chosen: Chosen) -> None:
    """Who was named by hand stays as long as a whole roster has them at all."""
    if read.whole("users") and place[1] not in {made_from(source, "child", key) for key in read.users}:
        chosen.absent.add(place)
