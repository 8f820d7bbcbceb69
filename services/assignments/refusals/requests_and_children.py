"""What refusals about schools, requests and children mean, and how to mend them."""

REQUESTS_AND_CHILDREN: dict[str, str] = {
    "child_already_accepted": (
        "The child was accepted on another request. Change the child's provision instead."
    ),
    "child_already_paused": "Support of the child rests already. Resume it before it rests again.",
    "child_already_referred": "Support was asked for this child before. Answer that request.",
    "child_already_supported": "The agency supports the child. Change the child's provision instead.",
    "child_exited": "The child has left the agency. Reopen the child, or receive a new request.",
    "child_in_transfer": (
        "Another region was asked to take the child over. Accept, reject or cancel that transfer first."
    ),
    "child_not_accepted": (
        "Only an accepted child can have a provision or a mentor. Take the support request on."
    ),
    "child_not_active": (
        "No mentor supports the child yet, so nothing can rest. Put the request on the waiting list."
    ),
    "child_not_exited": "The agency supports the child. There is nothing to reopen.",
    "child_not_paused": "Support of the child does not rest. There is nothing to resume.",
    "child_transferred": "Another region owns the child. Ask that region to transfer the child back.",
    "child_without_provision": "Specify how much support the child gets before offering a mentor.",
    "concern_already_closed": "The concern was closed. Raise a new one when there is cause.",
    "concern_already_raised": "This concern was raised with other words. Raise a new one.",
    "concern_unknown": "There is no such concern. Check the id.",
    "invalid_absence": (
        "The first day back comes after the first day of absence, within a year. Check both days."
    ),
    "invalid_answer_due_on": "The day by which an answer is expected is over. Give another.",
    "invalid_areas": "A triage names at least one area of support, and each once.",
    "invalid_birth_date": "The date of birth is no child's or young person's (0 to 25 years).",
    "invalid_effective_on": "A child is taken over from today or from a later day.",
    "invalid_exited_on": "A child can't leave before the agency was responsible. Give that day or a later one.",
    "invalid_next_review_on": (
        "The next review comes after the one that is recorded; when support is to end there is none."
    ),
    "invalid_profile": "Each need and each language is named once.",
    "invalid_provision": (
        "A provision needs minutes a week that can be delivered, each area once, outcomes of these areas, "
        "and a first review after it begins."
    ),
    "invalid_reason": "The child was taken on: say why support ends.",
    "invalid_region": "Name another region of the agency, in small letters, such as uk-north.",
    "invalid_register": (
        "The file is not a school register in the GIAS column layout: needed columns are missing."
    ),
    "invalid_reopened_on": "A child can't come back before it left. Give that day or a later one.",
    "invalid_resumed_on": "Support can't go on before it rested. The first day of the pause undoes it.",
    "invalid_review_on": "The day on which it is looked at again lies ahead. Give a later day.",
    "invalid_reviewed_on": "A review is recorded when it has been held. Give that day.",
    "nothing_asked": "No question of the agency is open. Ask for information first.",
    "request_already_received": "This request was received before with other content. Make a new one.",
    "request_already_taken_on": (
        "The request was taken on with another provision. Change the child's provision."
    ),
    "request_awaits_information": (
        "A question to whoever asked for support is open. Record the answer, or decline the request."
    ),
    "request_declined": "The request was declined. Receive a new one.",
    "request_fulfilled": (
        "A mentor supports the child. Pause the child, exit the child, or end the assignment."
    ),
    "request_has_offer": "A mentor is offered for the child. Cancel the offer first.",
    "request_not_triaged": "Nobody has judged how urgent the request is. Triage it first.",
    "request_taken_on": (
        "The request was taken on. Withdraw it when it is no longer wanted, or change the child's provision."
    ),
    "request_unknown": "There is no such request. Receive it first.",
    "request_waitlisted": "The request is on the waiting list. Resume it first.",
    "request_withdrawn": "The request was withdrawn. Receive a new one.",
    "school_not_open": "The school is closed or not yet open. Name the child's present school.",
    "school_unknown": "The school is not in the register here. Import the register first.",
    "transfer_accepted": "The other region owns the child already. Nothing is left to do.",
    "transfer_already_requested": "This transfer was asked for otherwise. Make a new one.",
    "transfer_cancelled": "The transfer was called off. Request a new one.",
    "transfer_rejected": "The transfer was rejected. Request a new one.",
    "transfer_unknown": "There is no such transfer. Request it first.",
    "transfer_without_consent": (
        "Neither parent nor local authority has agreed to the transfer. Record the consent first."
    ),
    "unsupported_media_type": "The body must be the file itself.",
}
