"""Credentials of certifications."""
