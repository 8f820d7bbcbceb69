"""Notifications: who hears what, through which channel, and whether it arrived."""
