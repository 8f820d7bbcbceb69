"""The closed lists of why somebody looks at personal data, and of who is given a copy of a record."""

from typing import Literal, TypeAlias, get_args

Purpose: TypeAlias = Literal[
    "care",
    "workforce",
    "safeguarding",
    "payroll",
    "operation",
    "audit",
    "investigation",
    "subject_access",
]
"""`audit` looks at what happened and not at whom it happened to; `investigation` opens what is sealed, on record."""
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

DisclosedTo: TypeAlias = Literal[
    "subject", "parent", "representative", "local_authority", "regulator", "court"
]
