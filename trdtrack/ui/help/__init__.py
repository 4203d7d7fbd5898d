"""The manual of `resources/help/`, shown in the window."""
