"""The main job from beginning to end, on a whole system."""
