"""What refusals about cover mean, and how to mend them."""

COVER: dict[str, str] = {
    "cover_already_asked": (
        "Cover for one of those days is looked for or agreed already. Leave those days out, or cancel that first."
    ),
    "cover_already_requested": "This search is for another child or other days. Ask with a new id.",
    "cover_by_absent_mentor": "Who is away can't stand in for themselves. Ask other mentors.",
    "cover_closed": "Nobody is looked for any more: the days are taken, given up or not needed. Ask anew.",
    "cover_day_gone": "One of the days is taken, over, or was never asked for. Choose of those that are left.",
    "cover_not_asked": "The mentor was not asked, or somebody else is asked first. Wait, or ask them directly.",
    "cover_taken": "The mentor agreed to days of it. Those are given back, not declined.",
    "cover_unknown": "There is no such search for cover. Ask for it first.",
    "invalid_asked": "Individual names who is asked in which order, assigned exactly one, a broadcast nobody.",
    "invalid_days": "Cover is for 1 to 60 days that are not over. What lasts longer needs a new primary.",
    "invalid_expires_at": "The search would be over before it began. Give a later time, or none.",
}
