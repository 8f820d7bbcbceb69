"""How an address does: failures in a row, since when, and before when it is left alone."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.notifications.webhooks.domain.schedule import BREAKS_AFTER, next_probe


@dataclass(frozen=True, slots=True)
class Health:
    """`failures` in a row, the first at `failing_since`; nothing is sent before `probe_at`."""

    failures: int = 0
    failing_since: datetime | None = None
    probe_at: datetime | None = None
    taken_at: datetime | None = None
    failed_at: datetime | None = None

    @property
    def down(self) -> bool:
        """Whether one delivery at a time is enough, to see if somebody is there."""
        return self.failures >= BREAKS_AFTER

    def rests(self, at: datetime) -> bool:
        """Whether it is left alone for now."""
        return self.probe_at is not None and self.probe_at > at

    def took(self, at: datetime) -> "Health":
        return Health(taken_at=at, failed_at=self.failed_at)

    def failed(self, at: datetime, wished: timedelta | None, *, again: bool) -> "Health":
        """`again`: what failed began after the failure before it ended, so that it says something new."""
        failures = self.failures + (1 if again or not self.failures else 0)
        asked = next_probe(failures, at, wished)
        rest = max((one for one in (asked, self.probe_at) if one is not None), default=None)
        return replace(
            self, failures=failures, failing_since=self.failing_since or at, probe_at=rest, failed_at=at
        )

    def enabled(self, at: datetime | None) -> "Health":
        """What was before it was enabled again does not count any more."""
        if at is not None and self.failing_since is not None and self.failing_since < at:
            return Health(taken_at=self.taken_at, failed_at=self.failed_at)
        return self
