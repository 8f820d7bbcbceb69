"""The documentation says what is true: its commands are run, its names looked up."""
