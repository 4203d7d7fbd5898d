"""What left the program, as the history holds it: what it was, about whom, and where it went."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.record_checks import new_id

TITLE = message("Export")


@dataclass(frozen=True, kw_only=True)
class Exported:
    """No record, for there is nothing to correct or withdraw: it stands in the history alone."""

    kind: ClassVar[str] = "export"

    id: str = field(default_factory=new_id)
    what: str
    """What it was called when it was made."""
    where: str = field(repr=False)
    """The file or folder, or the printer."""
    patients: tuple[str, ...]
    """Ids of those it is about."""

    @property
    def patient(self) -> str:
        """The one it is about; empty where it is about several, or about nobody in particular."""
        return self.patients[0] if len(self.patients) == 1 else ""

    @property
    def said(self) -> Message:
        """The line in words."""
        if len(self.patients) < 2:
            return message("{what} -> {where}", what=self.what, where=self.where)
        whose = plural("{n} patient", "{n} patients", len(self.patients))
        return message("{what}, {whose} -> {where}", what=self.what, whose=whose, where=self.where)
