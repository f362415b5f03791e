"""Keeping: backup, export, upgrade, what is held, what ends and what is erased."""
