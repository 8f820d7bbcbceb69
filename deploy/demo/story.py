"""The story as it is told: chapters, what was asked and answered, and the claims that held."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from time import monotonic
from typing import Any

from deploy.demo.claims import Chapter, Claim, DidNotHold, Exchange, Teller

MOST_SHOWN = 1000  # characters of what was seen instead; the document has all of it


@dataclass
class Story:
    """Collects what happened, and hands it to the teller at once."""

    teller: Teller
    chapters: list[Chapter] = field(default_factory=list)
    failure: str | None = None
    began: float = field(default_factory=monotonic)

    @contextmanager
    def chapter(self, title: str) -> Iterator[Chapter]:
        """The next chapter; what is claimed inside belongs to it."""
        chapter, began = Chapter(len(self.chapters) + 1, title), monotonic()
        self.chapters.append(chapter)
        self.teller.chapter(chapter)
        try:
            yield chapter
        finally:
            chapter.seconds = round(monotonic() - began, 2)

    def holds(self, claim: str, held: bool, seen: Any = None) -> None:
        """Claim it. Raises DidNotHold when it is not so."""
        made = Claim(claim, held, seen)
        self._now.claims.append(made)
        self.teller.claim(made)
        if not held:
            raise DidNotHold(f"{claim}: saw {str(seen)[:MOST_SHOWN]}")

    def same(self, claim: str, seen: Any, expected: Any) -> None:
        """Claim that what was read back is exactly this. Raises DidNotHold when it is not."""
        held = bool(seen == expected)
        self.holds(claim, held, seen if held else {"seen": seen, "expected": expected})

    def keep(self, **values: Any) -> None:
        """Put ids and read-backs into the chapter's record."""
        self._now.kept.update(values)

    def exchange(self, exchange: Exchange) -> None:
        """Tell of one command and its answer."""
        self._now.exchanges.append(exchange)
        self.teller.exchange(exchange)

    def document(self) -> dict[str, Any]:
        """All of it, for programs."""
        return {
            "ok": self.failure is None,
            "did_not_hold": self.failure,
            "seconds": round(monotonic() - self.began, 2),
            "claims": sum(len(chapter.claims) for chapter in self.chapters),
            "chapters": [asdict(chapter) for chapter in self.chapters],
        }

    @property
    def _now(self) -> Chapter:
        return self.chapters[-1]
