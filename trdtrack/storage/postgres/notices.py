"""What others change on a server is told without asking: ids of patients and kinds of record, never a word.

The server sends a notice with every line of the history; a thread hears them on a connection of its own.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import psycopg

from trdtrack.domain.edit import Touched
from trdtrack.domain.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Container

CHANNEL = "trdtrack_changed"
_EVERYTHING = "*"
_MOST = 200
"""Patients told of one by one in a transaction; after more than these the notice is that everything changed."""
SENDING = (
    f"""CREATE OR REPLACE FUNCTION tell_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE told int := coalesce(nullif(current_setting('trdtrack.told', true), ''), '0')::int; one text;
BEGIN
    IF told > {_MOST} THEN RETURN NULL; END IF;
    PERFORM set_config('trdtrack.told', (told + greatest(cardinality(new.about), 1))::text, true);
    IF told + cardinality(new.about) > {_MOST} THEN
        PERFORM set_config('trdtrack.told', '{_MOST + 1}', true);
        PERFORM pg_notify('{CHANNEL}', '{_EVERYTHING}');
    ELSIF cardinality(new.about) = 0 THEN
        PERFORM pg_notify('{CHANNEL}', new.kind);
    ELSE
        FOREACH one IN ARRAY new.about LOOP
            PERFORM pg_notify('{CHANNEL}', new.kind || ' ' || one);
        END LOOP;
    END IF;
    RETURN NULL;
END $$""",
    "DROP TRIGGER IF EXISTS tell_line ON audit",
    "CREATE TRIGGER tell_line AFTER INSERT ON audit FOR EACH ROW EXECUTE FUNCTION tell_line()",
)
"""What the schema has for it: a line of the history names its kind, and in `about` whose it is."""
_LOOK_S = 0.5
"""So often the thread looks whether it is to end."""
_AGAIN_S = 2.0
"""So long it waits before it connects again."""


class Notices:
    """Hears the notices until it is stopped. `heard` and `reached` are called in its thread."""

    def __init__(
        self,
        connect: Callable[[], psycopg.Connection[Any]],
        *,
        own: Container[int],
        missed: Callable[[psycopg.Connection[Any]], bool],
        heard: Callable[[Touched], None],
        reached: Callable[[bool], None],
    ) -> None:
        """`connect` logs in, or raises a Refusal. `own`: server processes whose changes are known here already.

        `missed` says whether others changed something before it was listened. `heard` takes what others changed; after
        a time in which notices were missed, that everything did. `reached` is told False once the server does not
        answer any more, True when it does again.
        """
        self._connect, self._own, self._missed, self._heard, self._reached = connect, own, missed, heard, reached
        self._over = threading.Event()
        self._telling = threading.RLock()
        threading.Thread(target=self._hear_on, name="notices", daemon=True).start()

    def stop(self) -> None:
        """Tell nothing any more from now on; the connection is let go a moment later."""
        # Not waited for: it may be trying to reach a server that is away.
        with self._telling:
            self._over.set()

    def _tell(self, tell: Callable[[Any], None], what: object) -> None:
        with self._telling:
            if not self._over.is_set():
                tell(what)

    def _hear_on(self) -> None:
        lost = False
        while not self._over.is_set():
            try:
                with self._connect() as connection:
                    connection.autocommit = True
                    connection.execute(f"LISTEN {CHANNEL}")
                    missed = lost or self._missed(connection)
                    if lost:
                        lost = False
                        self._tell(self._reached, True)  # noqa: FBT003
                    if missed:
                        self._tell(self._heard, Touched(everything=True))
                    self._hear(connection)
            except (psycopg.Error, Refusal):
                if not lost:
                    lost = True
                    self._tell(self._reached, False)  # noqa: FBT003
                self._over.wait(_AGAIN_S)

    def _hear(self, connection: psycopg.Connection[Any]) -> None:
        while not self._over.is_set():
            for notice in connection.notifies(timeout=_LOOK_S):
                if notice.pid not in self._own:
                    self._tell(self._heard, _touched(notice.payload))


def _touched(payload: str) -> Touched:
    if payload == _EVERYTHING:
        return Touched(everything=True)
    kind, _space, patient = payload.partition(" ")
    return Touched(patients=frozenset({patient} - {""}), kinds=frozenset({kind}))
