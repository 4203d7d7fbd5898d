"""A draft as text: what is typed in a form, and when; and the line that says it was put back."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from trdtrack.ui import theme
from trdtrack.words import _, day


def draft_text(state: dict[str, Any], at: datetime) -> str:
    """Return what is typed, by slot, and when, as a text to keep."""
    return json.dumps({"at": at.isoformat(), "fields": state}, ensure_ascii=False)


def read_draft(text: str) -> tuple[dict[str, Any], datetime | None]:
    """Return what a draft holds and when it was typed; nothing where it is no draft."""
    kept: object = None
    with suppress(ValueError):
        kept = json.loads(text)
    if not isinstance(kept, dict):
        return {}, None
    fields, at = kept.get("fields"), None
    with suppress(TypeError, ValueError):
        at = datetime.fromisoformat(kept.get("at", ""))
    return (fields if isinstance(fields, dict) else {}), at


class RestoredLine(QWidget):
    """Says that a draft was put back, and offers to let it go; hidden until then."""

    def __init__(self) -> None:
        super().__init__()
        self._text = theme.label(px=theme.SMALL_PX, tone="muted")
        self.anew = theme.button(_("Start anew"), flat=True)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self._text)
        across.addWidget(self.anew)
        across.addStretch(1)
        self.setVisible(False)

    def tell(self, at: datetime | None) -> None:
        """Say when the draft was typed."""
        said = _("Restored, not saved yet.")
        if at:
            said = _("Restored: typed {day} {time}, not saved yet.").format(day=day(at), time=f"{at:%H:%M}")
        self._text.setText(said)
        self.setVisible(True)
