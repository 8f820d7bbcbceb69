"""What audit refuses to answer, explained to whoever asked."""

REFUSALS = {
    "not_witnessed": "A verified answer rests on a tree of the ledger that witnesses saw. There was none by then: "
    "ask about a later moment, or without `verified`.",
    "too_much_at_once": "A history this long is not folded while you wait. Begin a replay: POST /audit/replays.",
    "not_done": "The replay has not come to its end. Look how far it is, or take it up again.",
    "not_identical": "The report does not come out of the ledger as it was issued. Its rebuild says what differs.",
}
