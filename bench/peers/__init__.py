"""Peers: other event stores and clients, driven the way their own documents say."""
