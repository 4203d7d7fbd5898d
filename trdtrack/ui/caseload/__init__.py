"""The list of patients: the first page after unlocking."""
