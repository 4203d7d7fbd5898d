"""What the caseload's list and its outcomes are made of, asked for at once, by whoever is logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

# The first row holds how many patients there ought to be; without one, not everybody's is kept.
FUNCTION = """CREATE OR REPLACE FUNCTION kept_of_each(form text) RETURNS TABLE(kept text, in_force bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = trdtrack, pg_temp AS $$
DECLARE own text[];
BEGIN
    IF NOT EXISTS (SELECT FROM gist WHERE patient = '' AND text = form) THEN RETURN; END IF;
    IF sees_all() THEN
        RETURN QUERY SELECT NULL::text, count(*) FROM patient WHERE withdrawn IS NULL;
        RETURN QUERY SELECT text, NULL::bigint FROM gist WHERE patient <> '';
    ELSE
        own := mine() || of_my_team();
        RETURN QUERY SELECT NULL::text, count(*) FROM patient WHERE id = ANY (own) AND withdrawn IS NULL;
        RETURN QUERY SELECT text, NULL::bigint FROM gist WHERE patient = ANY (own);
    END IF;
END $$"""
_ASK = text("SELECT kept, in_force FROM kept_of_each(:form)")


def kept_of_each(connection: Connection, form: str) -> list[str] | None:
    """Return what is kept of each patient in force whom this login sees; None where it is not that of all of them."""
    rows = connection.execute(_ASK, {"form": form}).all()
    if not rows or rows[0].in_force != len(rows) - 1:
        return None
    return [row.kept for row in rows[1:]]


def ask(connection: Connection, statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Put a statement to the driver itself: of those that each save asks SQLAlchemy would take half of the time."""
    raw: Any = connection.connection.dbapi_connection
    return raw.execute(statement, values).fetchall()


def plain(connection: Connection, statement: str) -> list[tuple[Any, ...]]:
    """Return a statement's rows as a file has them: days as ISO 8601 text."""
    from psycopg.types.string import TextLoader  # noqa: PLC0415 - a file needs no psycopg

    raw: Any = connection.connection.dbapi_connection
    with raw.cursor() as cursor:
        cursor.adapters.register_loader("date", TextLoader)
        return cursor.execute(statement).fetchall()
