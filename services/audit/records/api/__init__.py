"""The records office over HTTP."""
