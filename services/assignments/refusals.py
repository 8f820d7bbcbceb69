"""What each refusal means and how to mend it, for whoever opens a problem's `type`."""

REFUSALS: dict[str, str] = {
    "assignment_active": (
        "The assignment has begun. To begin on another day, end it and offer the mentor anew."
    ),
    "assignment_ended": "The assignment is over. Offer the mentor anew to begin again.",
    "assignment_not_active": "Only an assignment that has begun can end. An offer is cancelled instead.",
    "child_already_accepted": (
        "The child was accepted on another request. Change the child's provision instead."
    ),
    "child_already_assigned": (
        "A child has one primary mentor at a time. End the assignment that covers those days, or begin on "
        "a later day."
    ),
    "child_not_accepted": (
        "Only an accepted child can have a provision or a mentor. Accept the support request."
    ),
    "child_without_provision": "Specify how much support the child gets before offering a mentor.",
    "invalid_birth_date": "The date of birth is no child's or young person's (0 to 25 years).",
    "invalid_ended_on": "An assignment can't end before it began. The day it began undoes it.",
    "invalid_left_on": "A mentor can't leave before being engaged.",
    "invalid_provision": "A provision needs minutes a week that can be delivered, and each area once.",
    "invalid_register": (
        "The file is not a school register in the GIAS column layout: needed columns are missing."
    ),
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
    "request_accepted": (
        "The request was accepted. End the child's assignment instead of closing the request."
    ),
    "request_already_accepted": (
        "The request was accepted with another provision. Change the child's provision."
    ),
    "request_already_received": "This request was received before with other content. Make a new one.",
    "request_declined": "The request was declined. Receive a new one.",
    "request_unknown": "There is no such request. Receive it first.",
    "request_withdrawn": "The request was withdrawn. Receive a new one.",
    "school_not_open": "The school is closed or not yet open. Name the child's present school.",
    "school_unknown": "The school is not in the register here. Import the register first.",
    "unsupported_media_type": "The body must be the file itself.",
}
