"""Going behind the program's back: the bare connection, the history's guards taken away and put back afterwards."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from trdtrack.storage.chain import GUARDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trdtrack.storage.store import Store


@contextmanager
def unguarded(store: Store) -> Iterator[Any]:
    """The bare connection without the guards of the history, as an attacker has it who hides that they were gone."""
    for name in GUARDS:
        store._raw.execute(f"DROP TRIGGER {name}")
    yield store._raw
    for guard in GUARDS.values():
        store._raw.execute(guard)


def sql(store: Store, statement: str, *values: object) -> list[tuple]:
    """Change or read anything."""
    with unguarded(store) as raw:
        return raw.execute(statement, values).fetchall()
