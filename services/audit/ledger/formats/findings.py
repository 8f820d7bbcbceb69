"""What an audit can find, each with the exit code that `audit verify` ends with."""

from collections.abc import Iterable
from enum import StrEnum


class Finding(StrEnum):
    """The names that every report, log and console uses for one and the same thing."""

    BLOB_EDITED = "BLOB EDITED"
    ROOT_MISMATCH = "ROOT MISMATCH"
    ENTRY_COUNT = "ENTRY COUNT"
    ROLLBACK = "ROLLBACK"
    INCONSISTENT = "INCONSISTENT"
    NO_QUORUM = "NO QUORUM"
    EQUIVOCATION = "EQUIVOCATION"
    SEQ_GAP = "SEQ GAP"
    FORGED_PRODUCER_SIG = "FORGED PRODUCER SIG"
    UNSIGNED = "UNSIGNED"
    BAD_CERTIFICATE = "BAD CERTIFICATE"
    PARSE_ERROR = "PARSE ERROR"
    MISSING_BLOB = "MISSING BLOB"

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self]


EXIT_CODES = {
    Finding.BLOB_EDITED: 10,
    Finding.ROOT_MISMATCH: 11,
    Finding.ENTRY_COUNT: 12,
    Finding.ROLLBACK: 13,
    Finding.INCONSISTENT: 14,
    Finding.NO_QUORUM: 15,
    Finding.EQUIVOCATION: 16,
    Finding.SEQ_GAP: 17,
    Finding.FORGED_PRODUCER_SIG: 18,
    Finding.UNSIGNED: 19,
    Finding.BAD_CERTIFICATE: 20,
    Finding.PARSE_ERROR: 21,
    Finding.MISSING_BLOB: 22,
}
"""Written out and never reused: an auditor's script depends on the numbers."""


def exit_code(findings: Iterable[Finding]) -> int:
    """0 when nothing was found; a bundle that cannot be read before all else, then the lowest code."""
    found = set(findings)
    if Finding.PARSE_ERROR in found:
        return Finding.PARSE_ERROR.exit_code
    return min((each.exit_code for each in found), default=0)
