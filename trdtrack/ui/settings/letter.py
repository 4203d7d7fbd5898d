"""The settings page's card about letters: the clinic's head, the template, and the placeholders it can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from trdtrack.domain.letter_template import DEFAULT_PARAGRAPHS
from trdtrack.domain.letters import PLACEHOLDERS
from trdtrack.ui import theme
from trdtrack.ui.entry.slots import Text
from trdtrack.ui.page import card, column
from trdtrack.ui.rows import Column, Table
from trdtrack.words import _, say, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QFrame

    from trdtrack.ui.entry.slots import Slot

_TEMPLATE_PX = 260
_LIST_PX = 190


def letter_slots() -> tuple[Text, Text]:
    """Return the inputs for the letterhead and the template."""
    hint = _("Name and address, a line each, at the head of every letter")
    blank = _("Blank: the program's own words. A blank line parts paragraphs.")
    return (
        Text("letterhead", _("Letterhead"), hint=hint, px=96),
        Text("letter", _("Template of a letter"), hint=blank, px=_TEMPLATE_PX),
    )


def letter_card(slots: Mapping[str, Slot[Any]], *, save: Callable[[], None]) -> QFrame:
    """Return the card with both, and the list that puts a placeholder where the cursor stands."""
    sheet = card()
    stack = column(sheet, margin=theme.PAD, spacing=12)
    stack.addWidget(theme.label(_("Letters"), px=theme.HEADLINE_PX, strong=True))
    stack.addWidget(slots["letterhead"].part)
    stack.addWidget(slots["letter"].part)
    template = slots["letter"].widget
    ours = "\n\n".join(translated(paragraph.text) for paragraph in DEFAULT_PARAGRAPHS)
    template.setPlaceholderText(ours)
    own = theme.button(_("Put in the program's own letter"))
    own.setToolTip(_("To begin from, where the template is blank"))
    own.clicked.connect(lambda: slots["letter"].put(ours))

    def offer() -> None:
        own.setEnabled(not slots["letter"].raw().strip())

    slots["letter"].on_edit(offer)
    offer()
    stack.addWidget(own, alignment=Qt.AlignmentFlag.AlignLeft)
    hint = _("Placeholders: Enter or a click puts one in where the cursor stands")
    stack.addWidget(theme.label(hint, px=theme.SMALL_PX, tone="muted", wrap=True))

    def put_in(row: tuple[str, str]) -> None:
        template.insertPlainText(row[0])

    listed = Table[tuple[str, str]](
        (
            Column[tuple[str, str]](_("Placeholder"), lambda row: row[0], strong=True),
            Column[tuple[str, str]](_("Stands for"), lambda row: row[1], stretch=True),
        ),
        name=_("Placeholders"),
        opened=put_in,
    )
    listed.setFixedHeight(theme.px(_LIST_PX))
    listed.show_records([(f"{{{name}}}", say(words)) for name, words in PLACEHOLDERS.items()], keep=lambda row: row[0])
    listed.clicked.connect(lambda index: put_in(listed.rows.records[index.row()]))
    stack.addWidget(listed)
    saving = theme.button(_("Save the letterhead and the template"))
    saving.clicked.connect(save)
    stack.addWidget(saving, alignment=Qt.AlignmentFlag.AlignLeft)
    return sheet
