"""What refusals about schools, requests and children mean, and how to mend them."""

REQUESTS_AND_CHILDREN: dict[str, str] = {
    "child_already_accepted": (
        "The child was accepted on another request. Change the child's provision instead."
    ),
    "child_not_accepted": (
        "Only an accepted child can have a provision or a mentor. Accept the support request."
    ),
    "child_without_provision": "Specify how much support the child gets before offering a mentor.",
    "invalid_birth_date": "The date of birth is no child's or young person's (0 to 25 years).",
    "invalid_provision": "A provision needs minutes a week that can be delivered, and each area once.",
    "invalid_register": (
        "The file is not a school register in the GIAS column layout: needed columns are missing."
    ),
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
