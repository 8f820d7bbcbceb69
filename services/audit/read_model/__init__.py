"""The ledger's tables, and the questions that auditors ask of them."""
