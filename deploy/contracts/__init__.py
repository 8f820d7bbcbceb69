"""The contracts kit: schemas, golden files, catalogue, and the check that no promise is broken."""
