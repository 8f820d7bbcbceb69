"""The closed lists of becoming and staying fit to be with a child."""

from typing import Literal, TypeAlias

# Becoming and staying fit to be with a child.
Track: TypeAlias = Literal["induction", "slt", "ot", "bed", "safeguarding"]
ClearanceKind: TypeAlias = Literal[
    "identity",
    "dbs_enhanced",
    "barred_list",
    "right_to_work",
    "reference_1",
    "reference_2",
    "english_and_maths",
    "childcare_experience",
]
