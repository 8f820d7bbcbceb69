"""The verbs that run, watch and check the house."""
