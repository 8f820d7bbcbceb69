"""What this service listens to beyond its own facts: what training has seen of each mentor."""

from typing import TypeAlias, get_args

from shared.contracts.training.certification import CertificationGranted, CertificationRevoked
from shared.contracts.training.clearance import ClearanceRecorded, ClearanceWithdrawn
from shared.contracts.training.standing import (
    MentorCleared,
    MentorStoodDown,
    MentorSuspended,
    SuspensionLifted,
)

EvidenceFact: TypeAlias = (
    CertificationGranted
    | CertificationRevoked
    | ClearanceRecorded
    | ClearanceWithdrawn
    | MentorCleared
    | MentorStoodDown
    | MentorSuspended
    | SuspensionLifted
)
EVIDENCE = get_args(EvidenceFact)
