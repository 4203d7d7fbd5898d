"""The recovery sheet: the key that opens a caseload without its passphrase, in large type, and what to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.message import message
from trdtrack.domain.recovery_key import GROUP
from trdtrack.paths import resources
from trdtrack.report.sheet import Size, cut, foot
from trdtrack.report.typeset import Paper, compile_pdf
from trdtrack.words import _, manner, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

NAME = message("Recovery sheet")
LONGEST_FILE = 120


def recovery_paper(key: Sequence[str], file: str, *, made: date, size: Size = Size.A4) -> Paper:
    """Typeset the sheet for a key in its printed groups, the last of them the checksum, and the file's name."""
    last = len(key)
    data = {
        "language": manner().language,
        "paper": size.value,
        "title": say(message("{name}, {file}", name=NAME, file=cut(file, LONGEST_FILE))),
        "heading": say(NAME),
        "facts": [
            [_("Caseload file"), cut(file, LONGEST_FILE)],
            [_("Date"), say(message("{day}", day=made))],
            [_("Checksum"), say(message("{sum} (group {n})", sum=key[-1], n=last))],
        ],
        "what": _("Whoever has this key and the file can read every record in it. No passphrase is needed."),
        "key_heading": _("Recovery key"),
        "key": [[n, group] for n, group in enumerate(key, 1)],
        "sections": [
            [
                _("To open the file with it"),
                say(
                    message(
                        "Type the groups in their order where the passphrase is asked for. Capitals, spaces and dashes "
                        "do not matter; each group has {n} letters, and the program says in which of them a letter is "
                        "wrong. Then choose a new passphrase under Settings.",
                        n=GROUP,
                    )
                ),
            ],
            [
                _("Where to keep it"),
                _(
                    "In a sealed envelope in a locked place, such as a safe, and not beside the computer or a backup. "
                    "Do not photograph it and do not keep it as a file."
                ),
            ],
            [
                _("If it is seen by somebody else, or the passphrase is changed"),
                _(
                    "Change the passphrase under Settings: the file then has a new key, this sheet opens it no more, "
                    "and you print a new one. Backups made before still open with this sheet: keep it locked up as "
                    "long as you keep them."
                ),
            ],
            [
                _("If both are lost"),
                _(
                    "Without the passphrase and without this key nobody can open the file, the makers of the program "
                    "included. The records are then lost for good."
                ),
            ],
        ],
        "footer": foot(made),
    }
    template = (resources() / "report" / "recovery.typ").read_text(encoding="utf-8")
    return compile_pdf(template, data, images={}, made=made)
