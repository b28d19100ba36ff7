"""Enrolment: how an insured person gets an account, and gets it back."""
