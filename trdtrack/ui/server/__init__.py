"""What the window does for a caseload on a clinic's server: logging in, others' changes, a connection that is lost."""
