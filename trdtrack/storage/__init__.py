"""The encrypted caseload file. The only room that knows SQL."""
