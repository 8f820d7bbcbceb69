"""The ledger's formats, pure: they need the standard library and `cryptography`, so anybody can verify."""
