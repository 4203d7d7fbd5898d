"""Colours, sizes of type and widths stand once: in the palette and the theme, and everybody else asks there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import trdtrack

HERE = Path(trdtrack.__file__).parent
WINDOW = sorted((HERE / "ui").rglob("*.py"))
DRAWN = sorted((HERE / "chart").rglob("*.py"))
MAY = {
    "a colour": {"palette.py"},
    "a size of type": {"appearance.py", "theme.py", "stage.py", "paper.py"},
    "a width that does not grow with the text": {"page.py", "work.py", "question.py", "window.py"},
    "something that moves": set[str](),
}
"""Where it may stand: its home, hairlines and thin bars, and who reads a size back out of what was drawn."""
PATTERNS = {
    "a colour": re.compile(r"""["'#{ ]#[0-9A-Fa-f]{6}\b|QColor\(["']|Qt\.GlobalColor\.(?!transparent)|\brgba?\("""),
    "a size of type": re.compile(r"setPixelSize|setPointSize|font-size"),
    "a width that does not grow with the text": re.compile(
        r"set(?:Fixed|Minimum|Maximum)(?:Width|Height|Size)\((?!theme\.px|\d* ?\* ?theme\.px|0\))(?:[\dA-Z(]|_[A-Z])"
    ),
    "something that moves": re.compile(r"QPropertyAnimation|QVariantAnimation|QTimeLine|QMovie|setRange\(0, 0\)"),
}


@pytest.mark.parametrize("what", PATTERNS)
def test_it_stands_in_one_place(what: str) -> None:
    where = WINDOW if "grow" in what else WINDOW + DRAWN
    found = [
        f"{path.relative_to(HERE)}:{number}: {line.strip()}"
        for path in where
        if path.name not in MAY[what]
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if PATTERNS[what].search(line)
    ]
    assert found == []


def test_the_patterns_find_what_they_look_for() -> None:
    for what, text in (
        ("a colour", 'QColor("red")'),
        ("a colour", 'ink="#1C2430"'),
        ("a size of type", "font.setPixelSize(13)"),
        ("a width that does not grow with the text", "box.setFixedWidth(160)"),
        ("a width that does not grow with the text", "box.setMinimumHeight(ROW_PX)"),
        ("something that moves", "QPropertyAnimation(self)"),
    ):
        assert PATTERNS[what].search(text), text
    assert not PATTERNS["a width that does not grow with the text"].search("box.setFixedWidth(theme.px(160))")
