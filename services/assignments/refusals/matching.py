"""What each refusal of matching means and how to mend it."""

MATCHING = {
    "nobody_waits": "Every child here has a mentor or an open offer. Accept a support request first.",
    "match_unknown": "The plan proposes nobody for that child. Its rows say who is proposed for whom.",
    "match_set_aside": "This match was set aside. Offer the mentor directly, or make a new plan.",
    "invalid_matches": "A plan names each mentor and each child once.",
}
