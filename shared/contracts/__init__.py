"""The published facts, one module per service. Importing `shared.contracts.all` registers every one."""
