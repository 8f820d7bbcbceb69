"""What refusals about mentors, assignments and cover mean, and how to mend them."""

MENTORS_AND_ASSIGNMENTS: dict[str, str] = {
    "assignment_active": (
        "The assignment has begun. To begin on another day, end it and offer the mentor anew."
    ),
    "assignment_ended": "The assignment is over. Offer the mentor anew to begin again.",
    "assignment_not_active": "Only an assignment that has begun can end. An offer is cancelled instead.",
    "child_already_assigned": (
        "A child has one primary mentor at a time. End the assignment that covers those days, or begin on "
        "a later day."
    ),
    "invalid_ended_on": "An assignment can't end before it began. The day it began undoes it.",
    "invalid_left_on": "A mentor can't leave before being engaged.",
    "mentor_already_assigned": (
        "A mentor is primary for one child at a time. End the assignment that covers those days, begin on "
        "a later day, or choose another mentor."
    ),
    "mentor_already_engaged": "The mentor was engaged before. A new engagement gets a new id.",
    "mentor_already_left": "The mentor has left on another day than the one given.",
    "mentor_left": "The mentor no longer works for the agency on that day. Choose another mentor.",
    "mentor_not_deployable": (
        "The mentor lacks something that is required to be with a child. `items` names each item, whether "
        "it is missing, lapsed, withdrawn or not yet valid, and since when."
    ),
    "mentor_not_engaged": (
        "The mentor does not work for the agency on that day. Engage them, or choose a later day."
    ),
    "offer_already_agreed": (
        "The assignment has begun, so the offer can't be cancelled. End the assignment."
    ),
    "offer_already_made": "This offer is for another child, mentor or role. Make a new offer.",
    "offer_cancelled": "The offer came to nothing. Make a new one.",
    "offer_unknown": "There is no such offer. Offer the mentor first.",
}
