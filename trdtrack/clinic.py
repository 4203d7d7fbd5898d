"""What an administrator does with a clinic's server: make its caseload, take people in, assign patients.

Imported late: it brings psycopg.
"""

from __future__ import annotations

from trdtrack.storage.postgres.members import add, assign, make, noted, people, remove

__all__ = ["add", "assign", "make", "noted", "people", "remove"]
