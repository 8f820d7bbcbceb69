"""Facts and their values in plain words, for pages and papers."""
