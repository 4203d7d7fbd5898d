"""The caseload on a clinic's PostgreSQL server. psycopg is imported when a server is asked for, and not before."""
