"""The tables that notifications reads from, and the questions asked of them."""
