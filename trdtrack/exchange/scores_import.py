"""A file of scores into one edit in one go, its columns guessed where they are not named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.exchange.score_file import Choices, completed, examine, open_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from trdtrack.caseload import Caseload
    from trdtrack.domain.edit import Edit
    from trdtrack.exchange.score_table import Tick


def import_edit(
    path: Path, caseload: Caseload, *, columns: Mapping[str, str] | None, at: datetime, tick: Tick | None
) -> Edit:
    """Read a file and return the one edit that takes it into a caseload, or refuse with all that is wrong.

    `columns` maps patient, date and total to names in the file.
    """
    table = open_table(path, tick=tick)
    return examine(table, Choices(completed(table, columns or {})), caseload, at=at, tick=tick).refuse()
