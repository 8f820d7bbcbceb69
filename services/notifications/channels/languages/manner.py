"""How one language writes days, moments, lists and the words of closed lists, on the clock of one zone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from jinja2 import Environment, StrictUndefined


@dataclass(frozen=True)
class Manner:
    """Parameters of a text are plain: `2026-09-07`, `slt, ot`, `slt lapsed 2026-11-02; identity missing`."""

    locale: Locale
    day_pattern: str
    moment_pattern: str
    words: Mapping[str, str]
    lacks: Mapping[str, str]
    zone: ZoneInfo

    @classmethod
    def of(cls, written: Mapping[str, Any], zone: ZoneInfo) -> "Manner":
        return cls(
            Locale.parse(written["locale"]),
            written["day"],
            written["moment"],
            written["words"],
            written["lacking"],
            zone,
        )

    def day(self, value: date | str) -> str:
        found = value if isinstance(value, date) else date.fromisoformat(str(value))
        return str(format_date(found, self.day_pattern, locale=self.locale))

    def days(self, value: str) -> str:
        return ", ".join(self.day(part.strip()) for part in str(value).split(","))

    def moment(self, value: datetime | str) -> str:
        """A moment as the clock on the wall of the zone shows it."""
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return str(format_datetime(found, self.moment_pattern, tzinfo=self.zone, locale=self.locale))

    def word(self, value: str) -> str:
        """One or several of a closed list; a word that nobody has written is shown as it is."""
        parts = (part.strip() for part in str(value).split(","))
        return ", ".join(self.words.get(part, part.replace("_", " ")) for part in parts)

    def lacking(self, value: str) -> str:
        """What a mentor cannot show."""
        env = Environment(undefined=StrictUndefined)
        env.filters["day"] = self.day
        said = []
        for part in str(value).split(";"):
            item, status, *since = part.split()
            text = env.from_string(self.lacks.get(status, "{{ item }}"))
            said.append(text.render(item=self.word(item), since=since[0] if since else ""))
        return "; ".join(said)

    def filters(self) -> dict[str, Callable[[str], str]]:
        """What a text may do with a parameter."""
        return {
            "day": self.day,
            "days": self.days,
            "moment": self.moment,
            "word": self.word,
            "lacking": self.lacking,
        }
