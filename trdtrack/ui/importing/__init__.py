"""Scores in from a file: which columns hold what, what would come in, and what is wrong with it."""
