"""The closed lists and the ids that facts are written in; nothing here belongs to one service alone."""
