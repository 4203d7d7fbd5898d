"""What somebody typed and has not saved yet: kept beside the record, never part of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Draft:
    """The unsaved text of one form, about one patient; `patient` is empty where the patient is not recorded yet."""

    form: str
    patient: str
    at: datetime
    text: str = field(repr=False)
