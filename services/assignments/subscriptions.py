"""What this service listens to beyond its own facts: what training has seen of each mentor."""

from typing import TypeAlias

from shared.contracts.training.certification import CertificationGranted, CertificationRevoked
from shared.contracts.training.clearance import ClearanceRecorded
from shared.contracts.training.standing import MentorCleared, MentorStoodDown

EvidenceFact: TypeAlias = (
    CertificationGranted | CertificationRevoked | ClearanceRecorded | MentorCleared | MentorStoodDown
)
EVIDENCE = (CertificationGranted, CertificationRevoked, ClearanceRecorded, MentorCleared, MentorStoodDown)
