"""The rules of endpoints: what they are, how they sign, when they are tried again."""
