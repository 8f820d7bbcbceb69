"""Seeding: a believable agency with its history, made from a number, written as the facts its commands leave."""
