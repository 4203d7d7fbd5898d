"""Languages nobody speaks, for looking at the window: every text two fifths longer, with accents and in brackets."""

from __future__ import annotations

from gettext import NullTranslations
from string import Formatter

from trdtrack.words import Manner

LONGER = 0.4
_ACCENTS = str.maketrans("aceinouyACEINOUY", "áçéíñóúýÁÇÉÍÑÓÚÝ")


class Pseudo(NullTranslations):
    """Each text as ⟦íñ áççéñts, lóñgér ~~~~⟧, what was asked for noted in `asked`."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        """Return a text as it would look in a longer language."""
        self.asked.add(message)
        return accented(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form that goes with a number, longer."""
        self.asked.add(msgid1)
        return accented(msgid1 if n == 1 else msgid2)


class PseudoManner(Manner):
    """As in English, its months longer like all that is said; perhaps read from right to left."""

    longer = True

    def __init__(self, *, rightward: bool) -> None:
        self.rightward = rightward


def accented(text: str) -> str:
    """Return a text with accents, in brackets and longer; its fields, lines and what is only signs stay."""
    read = list(Formatter().parse(text))
    if not any(letter.isalpha() for plain, *_field in read for letter in plain):
        return text
    parts: list[str] = []
    for plain, name, form, how in read:
        parts.append(plain.translate(_ACCENTS).replace("{", "{{").replace("}", "}}"))
        if name is not None:
            parts.append("{" + name + (f"!{how}" if how else "") + (f":{form}" if form else "") + "}")
    head, tail = len(text) - len(text.lstrip()), len(text) - len(text.rstrip())
    body = "".join(parts)
    padding = " ~~~~"[: max(1, round(len(text) * LONGER))] if len(text) < 12 else _tildes(round(len(text) * LONGER))
    return f"{body[:head]}⟦{body[head : len(body) - tail]}{padding}⟧{body[len(body) - tail :]}"


def _tildes(n: int) -> str:
    """Return so many signs in words of a usual length, at which a line can break."""
    return ("".join(" ~~~~~" for _ in range(n // 6 + 1)))[:n]
