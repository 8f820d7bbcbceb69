"""The records office: who is forgotten, when, by whose decision, and what is kept back."""
