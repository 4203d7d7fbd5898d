"""Bringing a backup back: the list, what would differ, and what becomes of the file that is replaced."""
