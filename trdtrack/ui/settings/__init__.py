"""The few things a clinic may set."""
