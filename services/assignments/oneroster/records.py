"""The rows of OneRoster 1.2 that are read here, with only those columns that the agency has a use for.

Required columns: 1EdTech OneRoster CSV Binding 1.2.1, sections 3.4 to 3.20. Birth dates, pronouns, passwords,
telephone numbers and everything else in a roster is never looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from services.assignments.oneroster.cells import (
    ClassType,
    Day,
    Email,
    EnrollmentRole,
    Guid,
    Moment,
    OptionalGuid,
    OptionalText,
    OrgType,
    RoleName,
    RoleType,
    Status,
    Text,
    TrueOrFalse,
)


class Record(BaseModel):
    """What every row has. `status` and `date_last_modified` are filled in a delta, and only there."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    sourced_id: Guid
    status: Status = ""
    date_last_modified: Moment = None

    @property
    def gone(self) -> bool:
        return self.status == "tobedeleted"


class Org(Record):
    name: Text
    type: OrgType
    identifier: OptionalText = ""
    parent_sourced_id: OptionalGuid = ""


class User(Record):
    enabled_user: TrueOrFalse
    username: Text
    given_name: Text
    family_name: Text
    email: Email = ""

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class Role(Record):
    user_sourced_id: Guid
    role_type: RoleType
    role: RoleName
    org_sourced_id: Guid
    begin_date: Day = None
    end_date: Day = None

    def holds(self, on: date) -> bool:
        return _within(self.begin_date, self.end_date, on)


class Class(Record):
    title: Text
    course_sourced_id: Guid
    class_type: ClassType
    school_sourced_id: Guid
    term_sourced_ids: Text


class Enrollment(Record):
    class_sourced_id: Guid
    school_sourced_id: Guid
    user_sourced_id: Guid
    role: EnrollmentRole
    begin_date: Day = None
    end_date: Day = None

    def holds(self, on: date) -> bool:
        return _within(self.begin_date, self.end_date, on)


def _within(begin: date | None, end: date | None, on: date) -> bool:
    """Begin dates are inclusive, end dates exclusive."""
    return (begin is None or begin <= on) and (end is None or on < end)


READ: Mapping[str, type[Record]] = {
    "orgs": Org,
    "users": User,
    "roles": Role,
    "classes": Class,
    "enrollments": Enrollment,
}
REFERENCES: Mapping[tuple[str, str], str] = {
    ("orgs", "parentSourcedId"): "orgs",
    ("roles", "userSourcedId"): "users",
    ("roles", "orgSourcedId"): "orgs",
    ("classes", "schoolSourcedId"): "orgs",
    ("enrollments", "classSourcedId"): "classes",
    ("enrollments", "schoolSourcedId"): "orgs",
    ("enrollments", "userSourcedId"): "users",
}
"""Which column names a row of which file; in a bulk it has to be there."""


@dataclass(frozen=True, slots=True)
class File:
    """A data file of the standard; `columns` are those it may have, in their order."""

    name: str
    columns: tuple[str, ...] = ()


_HEAD = ("sourcedId", "status", "dateLastModified")
FILES: Mapping[str, File] = {
    found.name: found
    for found in (
        File("orgs", (*_HEAD, "name", "type", "identifier", "parentSourcedId")),
        File(
            "users",
            (
                *_HEAD, "enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier",
                "email", "sms", "phone", "agentSourcedIds", "grades", "password", "userMasterIdentifier",
                "resourceSourcedIds", "preferredGivenName", "preferredMiddleName", "preferredFamilyName",
                "primaryOrgSourcedId", "pronouns",
            ),
        ),
        File(
            "roles",
            (
                *_HEAD, "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId",
                "userProfileSourcedId",
            ),
        ),
        File(
            "classes",
            (
                *_HEAD, "title", "grades", "courseSourcedId", "classCode", "classType", "location",
                "schoolSourcedId", "termSourcedIds", "subjects", "subjectCodes", "periods",
            ),
        ),
        File(
            "enrollments",
            (
                *_HEAD, "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate",
                "endDate",
            ),
        ),
        *(
            File(name)
            for name in (
                "academicSessions", "categories", "classResources", "courses", "courseResources", "demographics",
                "lineItemLearningObjectiveIds", "lineItems", "lineItemScoreScales", "resources",
                "resultLearningObjectiveIds", "results", "resultScoreScales", "scoreScales", "userProfiles",
                "userResources",
            )
        ),
    )
}  # fmt: skip
"""The 21 data files of OneRoster 1.2 (table 2.1). Those without columns are not opened here."""
