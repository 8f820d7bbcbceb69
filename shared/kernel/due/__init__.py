"""Whatever falls due: rows that projections write, fired as commands by one leader."""
