"""The pay periods of the whole agency: opened ahead, closed when every part has counted its share."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, datetime

from deploy.seed import derived
from deploy.seed.agency import Agency, Period
from deploy.seed.chance import Chance
from deploy.seed.history import History
from deploy.seed.loading import packed
from deploy.seed.part import Count
from shared.contracts.fact import Fact
from shared.contracts.sessions.pay_period import PayPeriodClosed, PayPeriodOpened, Total

Row = tuple[datetime, int, bytes]
# Of its own, so that it never is another part's.
NUMBER = 4095


class Books:
    """Kept where all parts come together, since a period that is closed says up to where it has counted."""

    def __init__(self, agency: Agency, base: int) -> None:
        self._agency, self._position = agency, base
        chance = Chance(agency.seed, agency.region, agency.scale.name, "books")
        self._history = History(
            agency.region, f"{agency.name}-books", chance, agency.begins_at, NUMBER, agency.key
        )
        self._at = agency.begins_at

    def enter(self, rows: list[Row], until: datetime, counts: Iterable[dict[date, Count]]) -> list[Row]:
        """The rows of the sessions store up to `until`, with the pay periods that open or close meanwhile."""
        theirs = list(counts)
        moments = sorted(
            (at, is_close, period.starts_on)
            for period in self._agency.periods()
            for at, is_close in ((period.opens_at, False), (period.closes_at, True))
            if self._at <= at < until
        )
        for at, is_close, starts_on in moments:
            period = self._agency.period(starts_on)
            place = bisect_left(rows, (at,))
            fact = (
                self._closed(period, self._position + place, [one[period.ends_on] for one in theirs])
                if is_close
                else self._opened(period)
            )
            rows.insert(place, self._row(at, fact))
        self._at = until
        self._position += len(rows)
        return rows

    def _row(self, at: datetime, fact: Fact) -> Row:
        self._history.now = at
        stream = derived.payroll_id(self._agency.region)
        self._history.record(stream, fact, self._agency.actor("manager"))
        line = self._history.until(at).lines["sessions"][0]
        return line.at, line.number, packed(line)

    @staticmethod
    def _opened(period: Period) -> PayPeriodOpened:
        return PayPeriodOpened(
            period_id=period.period_id,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            cut_off_at=period.cut_off_at,
            opened_at=period.opens_at,
        )

    @staticmethod
    def _closed(period: Period, counted_to: int, counts: list[Count]) -> PayPeriodClosed:
        kinds = sorted({kind for count in counts for kind in count.lines})
        totals = []
        for kind in kinds:
            shares = [count.lines.get(kind, (0, 0)) for count in counts]
            lines, minutes = (sum(share[n] for share in shares) for n in (0, 1))
            totals.append(Total(kind=kind, lines=lines, minutes=minutes))  # type: ignore[arg-type]
        unresolved = sum(count.unsettled for count in counts)
        return PayPeriodClosed(
            period_id=period.period_id,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            cut_off_at=period.cut_off_at,
            totals=tuple(totals),
            counted_to=counted_to,
            unresolved=unresolved,
            force_reason="Missed sessions are looked into apart from pay." if unresolved else None,
            closed_at=period.closes_at,
        )
