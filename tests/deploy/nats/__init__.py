"""The bus as it is declared, tried on one real server."""
