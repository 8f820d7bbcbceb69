"""What refusals about mentors, assignments and cover mean, and how to mend them."""

MENTORS_AND_ASSIGNMENTS: dict[str, str] = {
    "assignment_active": (
        "The assignment has begun. To begin on another day, end it and offer the mentor anew."
    ),
    "assignment_ended": "The assignment is over. Offer the mentor anew to begin again.",
    "assignment_is_cover": "Cover is for fixed days: it is not paused and not handed over. End it instead.",
    "assignment_not_active": "Only an assignment that has begun can end. An offer is cancelled instead.",
    "assignment_paused": "Support is paused already. Resume it before pausing it anew.",
    "child_already_assigned": (
        "A child has one primary mentor at a time. End the assignment that covers those days, or begin on "
        "a later day."
    ),
    "child_has_mentor_that_day": (
        "The child's own mentor, or one who covers, is with the child on one of those days. Choose other days, or "
        "end that cover first."
    ),
    "handover_begun": "The handover has begun, so the end is in sight. End the assignment, earlier if need be.",
    "handover_due": (
        "The child's last primary mentor has not handed over. Record the handover of that assignment, or override "
        "it with a reason; then the next one can begin."
    ),
    "invalid_absence": "An absence has a first day, a first day back, and at most 28 days. Longer ones are leave.",
    "invalid_availability": "Give minutes that can be worked, and each weekday once; or neither of both.",
    "invalid_ended_on": (
        "An assignment can't end before it began, nor cover after the agreed last day. The day it began undoes it."
    ),
    "invalid_engaged_on": "Employment can't begin before the application. Give that day or a later one.",
    "invalid_expected_back_on": "Leave has at least one day. Give a first day back after it begins, or none.",
    "invalid_last_day": "The last day can't lie before support began.",
    "invalid_leave_from": "Leave can't begin before employment, or before the return from the leave before it.",
    "invalid_left_on": "A mentor can't leave before being engaged.",
    "invalid_paused_from": "A pause can't begin before support did, or before the end of the pause before it.",
    "invalid_profile": "Something is named twice in the profile. Name each once.",
    "invalid_resumed_on": "Support can't go on before the pause began. The day it began undoes the pause.",
    "invalid_returned_on": "Nobody returns before leave began. The day it began undoes the leave.",
    "invalid_review_on": "A pause is reviewed while it lasts. Give a day after it begins.",
    "mentor_absent": "The mentor is absent on one of those days. Leave those days out, or ask another mentor.",
    "mentor_already_applied": "This application was received before with other content. Engage the mentor.",
    "mentor_already_assigned": (
        "A mentor is primary for one child at a time, and covers for one a day. End the assignment that covers "
        "those days, begin on a later day, or choose another mentor."
    ),
    "mentor_already_engaged": "The mentor was engaged before. A new engagement gets a new id.",
    "mentor_already_left": "The mentor has left on another day than the one given.",
    "mentor_left": "The mentor no longer works for the agency on that day. Choose another mentor.",
    "mentor_not_deployable": (
        "The mentor lacks something that is required to be with a child, or is suspended. `items` names each item, "
        "whether it is missing, lapsed, withdrawn or not yet valid, and since when."
    ),
    "mentor_not_engaged": (
        "The mentor does not work for the agency on that day. Engage them, or choose a later day."
    ),
    "mentor_not_on_leave": "The mentor is not on leave. There is no return to record.",
    "mentor_on_leave": "The mentor is on leave on that day. Record the return first, or choose another mentor.",
    "mentor_unknown": "There is no such mentor. Take in the application, or engage them.",
    "offer_already_agreed": (
        "The assignment has begun, so the offer can't be cancelled. End the assignment."
    ),
    "offer_already_made": "This offer is for another child or mentor. Make a new offer.",
    "offer_cancelled": "The offer came to nothing. Make a new one.",
    "offer_not_accepted": "Nobody has agreed to the offer yet. Record that it is accepted, then begin.",
    "offer_unknown": "There is no such offer. Offer the mentor first.",
    "plan_not_open": (
        "A child's plan is open to the child's own mentor, and to who covers from the day before the first day to "
        "the last. `detail` says when it opens, or when it closed."
    ),
}
