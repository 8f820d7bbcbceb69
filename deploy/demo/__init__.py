"""The main job on real input, told as a story in eight chapters in which everything is read back."""
