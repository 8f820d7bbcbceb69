"""The supervisor, the engines and the verbs."""
