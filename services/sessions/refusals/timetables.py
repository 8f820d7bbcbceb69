"""Why calendars, timetables and pay periods refuse something, and what to do."""

REFUSALS: dict[str, str] = {
    "invalid_calendar": "A calendar has terms or closures, within one school year (1 August to 31 July); terms "
    "do not overlap, and each closed day is named once.",
    "timetable_unknown": "There is no such timetable. Set it first.",
    "timetable_ended": "The timetable has ended. Set a new one for the assignment.",
    "timetable_exists": "An assignment has one timetable at a time. Change that one, or end it first.",
    "invalid_slots": "A timetable has 1 to 50 slots of 5 minutes to 12 hours, which end before midnight and do "
    "not overlap on a weekday.",
    "invalid_effective_until": "The first day without these slots comes after their first day.",
    "periods_overlap": "Another pay period has some of these days. Choose others.",
    "period_before_closed": "A later pay period is closed already. Open one that comes after it.",
    "invalid_ends_on": "A pay period ends on or after its first day, within two months.",
    "invalid_cut_off_at": "The cut-off comes after the last day of the pay period.",
    "period_unknown": "There is no such pay period. Open it first.",
    "earlier_period_open": "Pay periods are closed in their order. Close the earlier one first.",
    "period_not_over": "Some days of the pay period are still to come. Close it when they are over.",
    "before_cut_off": "Logs are still taken in. Wait for the cut-off, or force the closing with a reason.",
    "sessions_unresolved": "Sessions of these days are not settled; `items` names some. Have them logged and "
    "approved, cancelled or voided, or force the closing with a reason.",
}
