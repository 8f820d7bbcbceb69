"""Who supports whom: the rules, the register, the read model, and all of it over HTTP."""
