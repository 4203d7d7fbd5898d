"""Real encrypted files. The key derivation is the real one, remembered by passphrase and salt."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, Patient, Rules, Session
from trdtrack.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trdtrack.domain.edit import Edit
    from trdtrack.domain.records import Record

PASSPHRASE = "seven dry tulips"
AT = datetime(2026, 5, 4, 10, tzinfo=UTC)


class Sample:
    """A small caseload: one patient, one course, ten scores, and the words planted in it."""

    passphrase = PASSPHRASE
    at = AT
    words = ("Zaphod", "Beeblebrox", "two-headed", "galactic", "lithium")
    patient = Patient(id="p" * 32, code="P-1", name="Zaphod Beeblebrox", notes="two-headed")
    course = Course(id="c" * 32, patient="p" * 32, medication="lithium")
    session = Session(
        id="5" * 32, patient="p" * 32, course="c" * 32, date=date(2026, 2, 2), note="galactic", entered=AT
    )
    scores = tuple(
        Assessment(
            id=f"{n:032d}",
            patient="p" * 32,
            course="c" * 32,
            date=date(2026, 2, 2) + timedelta(weeks=n),
            answers=(n % 4, 2, 3, None, 1, 3, 2, 0, 1),
            entered=AT,
        )
        for n in range(10)
    )
    records: tuple[Record, ...] = (Rules(), patient, course, session, *scores)

    @staticmethod
    def write(store: Store, edit: Edit, **more: object) -> int:
        return store.write(edit, who="Dr Test", at=AT, **more)

    @classmethod
    def add(cls, store: Store, *records: Record) -> int:
        return cls.write(store, added(message("Add"), *records))

    @staticmethod
    def read(store: Store) -> dict[tuple[str, str], Record]:
        kinds = ("rules", "patient", "course", "session", "assessment")
        return {(r.kind, r.id): r for kind in kinds for r in store.read(kind)}


@pytest.fixture(scope="session")
def sample() -> type[Sample]:
    return Sample


@pytest.fixture(scope="session")
def small_bytes(tmp_path_factory: pytest.TempPathFactory, remembered_keys: None) -> bytes:
    """A closed caseload file, the sample in it."""
    path = tmp_path_factory.mktemp("small") / "small.trdtrack"
    store = Store.create(path, PASSPHRASE)
    for record in Sample.records:
        Sample.add(store, record)
    store.close()
    return path.read_bytes()


@pytest.fixture
def small(tmp_path: Path, small_bytes: bytes) -> Path:
    """A closed caseload file of this test's own."""
    path = tmp_path / "small.trdtrack"
    path.write_bytes(small_bytes)
    path.chmod(0o600)
    return path


@pytest.fixture
def opened(small: Path) -> Iterator[Store]:
    """The small caseload, open."""
    store = Store.open(small, PASSPHRASE)
    yield store
    store.close()
