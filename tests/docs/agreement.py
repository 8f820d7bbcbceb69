"""Whether a page shows what was printed, although ids, digests and times are new in every run."""

import re
from dataclasses import dataclass, field

# An id or digest may be another one, but where the page shows the same twice it has to be the same twice.
ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{64}\b|\b[0-9a-f]{32}\b"
TIMES = (
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"
    r"|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:GMT|[+-]\d{4})"
)
# `…` on a page stands for anything at all.
PARTS = re.compile(rf"(?P<id>{ID})|(?P<time>{TIMES})|(?P<anything>…)")


@dataclass
class Agreement:
    """One page's: `known` is what was printed for each id that the page shows."""

    known: dict[str, str] = field(default_factory=dict)

    def holds(self, printed: str, shown: str) -> bool:
        """Whether this answer agrees with the page and with the answers before it. Spacing does not count."""
        shown, printed = " ".join(shown.split()), " ".join(printed.split())
        ids: list[str] = []
        pattern, end = "", 0
        for part in PARTS.finditer(shown):
            pattern += re.escape(shown[end : part.start()]) + self._pattern(part, ids)
            end = part.end()
        found = re.fullmatch(pattern + re.escape(shown[end:]), printed, re.DOTALL)
        if found is None:
            return False
        known = self.known | dict(zip(ids, found.groups(), strict=True))
        if any(known[one] != other for one, other in zip(ids, found.groups(), strict=True)):
            return False
        if any(known[one] != other for one, other in self.known.items()):
            return False
        self.known = known
        return True

    @staticmethod
    def _pattern(part: re.Match[str], ids: list[str]) -> str:
        if part["anything"]:
            return ".*?"
        if part["time"]:
            return f"(?:{TIMES})"
        ids.append(part["id"])
        return f"({ID})"
