"""What the records office refuses, explained to whoever is refused."""

REFUSALS = {
    "erasure_open": "Another erasure of this record is requested or decided. Approve or refuse that one first.",
    "already_erased": "What you name is erased already, or its erasure is ordered. Leave it out.",
    "invalid_classes": "Name at least one part of a record: profile, casework, safeguarding, employment, contact.",
    "invalid_person": "Name one person: a child, a mentor or a recipient, by id.",
    "no_open_erasure": "This erasure was approved or refused, or never asked for. Look it up in the list.",
    "not_decided": "An erasure is approved as it was decided. Have it decided first.",
    "own_request": "Two people besides the one who asked have to approve.",
    "decision_outdated": "The person has come back or left since the decision. Have it decided again.",
    "legal_hold_stands": "A legal hold covers part of what would be erased. Have it lifted, or decide again.",
    "unknown_hold": "No such hold stands on this record. Look it up in the list of holds.",
    "not_ordered": "Nobody ordered this erasure, so no keys can have been destroyed for it.",
    "keys_not_destroyed": "A certificate is given when the keyring has destroyed the keys.",
    "not_acknowledged": "A certificate is given when every service has said that it has forgotten.",
}
