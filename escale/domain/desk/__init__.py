"""Desk: who treats which claim, and when: skills, what is in hand, alerts, and acts done on many at once."""
