"""The history: every line of what was done, by whom, when and why."""
