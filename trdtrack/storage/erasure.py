"""Takes a patient out of the file for good on a lawful request: records, words, history, and what pages still hold.

What stays is one history line that it was done. A deleted row lies on in free pages, in the -wal file and in the search
index until all three are written anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, text

from trdtrack.domain.exported import Exported
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.storage import backup, backups, journal
from trdtrack.storage.chain_words import ERASE
from trdtrack.storage.store import Store
from trdtrack.storage.tables import TABLES, audit, audit_about, audit_text, draft, gist, on_server, words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from trdtrack.domain.message import Message
    from trdtrack.storage.backup import Key
    from trdtrack.storage.records import Records

_FORGET = text("SELECT forget(:patient)")
_OF_PATIENT = {kind: table for kind, table in TABLES.items() if "patient" in table.c}
LABELS = {
    "course": message("courses of care"),
    "session": message("sessions"),
    "assessment": message("PHQ-9 scores"),
    "outcome": message("outcomes at the end"),
    "follow_up": message("follow-ups"),
    "episode": message("depressive episodes"),
    "treatment": message("treatments"),
    "event": message("events"),
    "risk": message("risk records"),
    "risk_review": message("risk reviews"),
    "letter": message("letters"),
}


def shows(connection: Connection, patient: str) -> list[tuple[Message, int]]:
    """Return how many records of each kind, drafts and history lines would go."""

    def count(table: Any) -> int:
        return connection.execute(
            select(func.count()).select_from(table).where(table.c.patient == patient)
        ).scalar_one()

    counted = [(LABELS[kind], count(table)) for kind, table in _OF_PATIENT.items()]
    counted += [(message("drafts"), count(draft)), (message("history lines"), count(audit_about))]
    return [(label, n) for label, n in counted if n]


def take_out(store: Records, patient: str, *, who: str, at: datetime) -> None:
    """Delete all that is held about a patient, in one transaction; nothing is left to do where that was done before.

    Refuses first if another program is reading: the pages could then not be swept.
    """
    store.refuse_read_only()
    if isinstance(store, Store):
        _refuse_read_elsewhere(store)
    with store.transaction(write=True) as connection:
        people = TABLES["patient"]
        store.hold([patient], everything=True)
        if connection.execute(select(people.c.id).where(people.c.id == patient)).first() is None:
            if not _erased(connection, patient):
                raise Refusal(message("This patient is not in the caseload any more."))
            return
        for table in (*reversed(_OF_PATIENT.values()), draft, gist, words):
            connection.execute(delete(table).where(table.c.patient == patient))
        connection.execute(delete(people).where(people.c.id == patient))
        about = select(audit_about.c.seq).where(audit_about.c.patient == patient).except_(_exports_of_several())
        taking = list(connection.execute(about).scalars())
        journal.append_erasure(connection, patient, taking=taking, who=who, at=at)
        if on_server(connection):
            connection.execute(_FORGET, {"patient": patient})
            return
        connection.execute(delete(audit_text).where(audit_text.c.seq.in_(about)))
        # The lines may be about another patient too, from whom a record moved: their text is gone for both.
        connection.execute(delete(audit_about).where(audit_about.c.patient == patient))
        # A deleted word stays in the index until its segments are merged.
        connection.exec_driver_sql("INSERT INTO found(found) VALUES ('rebuild')")


def _refuse_read_elsewhere(store: Store) -> None:
    with store.alone() as raw:
        if not _moved(raw):
            name = store.path.name
            raise Refusal(
                message("Another program is using {file}. Close it there first; nothing was erased.", file=name)
            )


def sweep(store: Records) -> None:
    """Write the whole file anew, so that no free page and no -wal file holds what was deleted; or say that it may.

    On a server that is the server's work.
    """
    if not isinstance(store, Store):
        return
    try:
        with store.alone() as raw:
            raw.execute("INSERT INTO found(found) VALUES ('optimize')")
            raw.execute("VACUUM")
            if _moved(raw):
                return
    except Refusal as refusal:
        raise _remains(store) from refusal
    raise _remains(store)


def holding(store: Records, patient: str, keys: Sequence[Key]) -> list[Path]:
    """Return the backups and copies that still hold a patient. One that another key locks is not ours to read."""
    if not isinstance(store, Store):
        return []
    copies = [*(b.path for b in backups.listed(store.path)), *backup.copies_beside(store.path)]
    return [copy for copy in copies if _holds(store, copy, patient, keys)]


def _holds(store: Store, copy: Path, patient: str, keys: Sequence[Key]) -> bool:
    try:
        key = backups.key_for(copy, keys)
        with store.alone() as raw, backup.attached(raw, copy, key):
            query = "SELECT 1 FROM copy.audit JOIN copy.audit_text USING (seq) WHERE kind = 'patient' AND record = ? "
            return raw.execute(f"{query} AND coalesce(before, after) IS NOT NULL", (patient,)).fetchone() is not None
    except Refusal:
        return False


def _exports_of_several() -> Any:
    """Return the lines of exports about more than one patient: they hold no word of any, and are the others' too."""
    several = select(audit_about.c.seq).group_by(audit_about.c.seq).having(func.count() > 1)
    return select(audit.c.seq).where(audit.c.kind == Exported.kind, audit.c.seq.in_(several))


def _erased(connection: Connection, patient: str) -> bool:
    done = (audit.c.kind == "patient") & (audit.c.record == patient) & (audit.c.title == ERASE.text)
    return connection.execute(select(audit.c.seq).where(done)).first() is not None


def _moved(raw: Any) -> bool:
    """Move the -wal file's pages into the main file and empty it; False if another program's reading prevents it."""
    busy, _pages, _moved = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return busy == 0


def _remains(store: Store) -> Refusal:
    return Refusal(
        message(
            "The patient is erased, but remains may still lie in {file}: close it in every other window and program, "
            "see that the disk has room, and erase the patient again.",
            file=store.path.name,
        )
    )
