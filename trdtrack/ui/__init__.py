"""The window. Knows the caseload only through its one door."""
