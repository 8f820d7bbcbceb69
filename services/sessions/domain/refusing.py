"""The refusals that several commands of a session share."""

from shared.kernel.decider import Refused


def unknown() -> Refused:
    return Refused("session_unknown", "There is no such session; schedule it first.")


def cancelled(do_next: str) -> Refused:
    return Refused("session_cancelled", f"This session was cancelled; {do_next}")


def voided() -> Refused:
    return Refused("session_voided", "This session was voided and does not count; schedule another one.")


def took_place(do_next: str) -> Refused:
    return Refused("session_took_place", f"This session has begun; {do_next}")


def not_started() -> Refused:
    return Refused("session_not_started", "Start this session first, with the time contact began.")


def not_logged(do_next: str) -> Refused:
    return Refused("session_not_logged", f"No log of this session was handed in; {do_next}")


def locked() -> Refused:
    return Refused("session_locked", "This log is final; a coordinator amends it, with a reason.")
