"""Facts of the standard, as published: 1EdTech OneRoster CSV Binding 1.2.1, Final Release of 22 August 2023.

Tables 2.1 and 3.1 and the tables of orgs, users, roles, classes and enrollments; "!" marks what is always required.
"""

FILES = (
    "academicSessions",
    "categories",
    "classes",
    "classResources",
    "courseResources",
    "courses",
    "demographics",
    "enrollments",
    "lineItemLearningObjectiveIds",
    "lineItems",
    "lineItemScoreScales",
    "orgs",
    "resources",
    "resultLearningObjectiveIds",
    "results",
    "resultScoreScales",
    "roles",
    "scoreScales",
    "userProfiles",
    "userResources",
    "users",
)
"""Beside manifest.csv; together 22, the most that a zip may have."""

TABLES = {
    "orgs": "sourcedId! status dateLastModified name! type! identifier parentSourcedId",
    "users": "sourcedId! status dateLastModified enabledUser! username! userIds givenName! familyName! middleName "
    "identifier email sms phone agentSourcedIds grades password userMasterIdentifier preferredGivenName "
    "preferredMiddleName preferredFamilyName primaryOrgSourcedId pronouns",
    "roles": "sourcedId! status dateLastModified userSourcedId! roleType! role! beginDate endDate orgSourcedId! "
    "userProfileSourcedId",
    "classes": "sourcedId! status dateLastModified title! grades courseSourcedId! classCode classType! location "
    "schoolSourcedId! termSourcedIds! subjects subjectCodes periods",
    "enrollments": "sourcedId! status dateLastModified classSourcedId! schoolSourcedId! userSourcedId! role! primary "
    "beginDate endDate",
}

VOCABULARIES = {
    ("orgs", "type"): "department school district local state national",
    ("roles", "roleType"): "primary secondary",
    ("roles", "role"): "aide counselor districtAdministrator guardian parent principal proctor relative "
    "siteAdministrator student systemAdministrator teacher",
    ("classes", "classType"): "homeroom scheduled",
    ("enrollments", "role"): "administrator proctor student teacher",
    ("users", "enabledUser"): "true false",
}
EXTENDED = {("orgs", "type"), ("roles", "role"), ("classes", "classType"), ("enrollments", "role")}
"""Section 4.1.2: these may have terms of one's own, which start with ext:."""

# The examples that the tables and the key of section 3 give.
MOMENT, DATE, LIST_OF_STRINGS = "2012-04-23T18:25:43.511Z", "2002-04-23", "1,3,5"
USER_IDS = "{LDAP:Id},{LTI:Id},{Fed:Id}"
PRONOUNS = "ze/hir/hir"
