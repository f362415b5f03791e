"""Repeatable measurements, each one command; they assert nothing."""
