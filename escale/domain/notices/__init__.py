"""Notices: what the Fund writes to people, and the proof of it."""
