"""A page of the manual made ready to be read: Markdown turned into a document in the theme's type and colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRegularExpression, Qt, QUrl
from PySide6.QtGui import (
    QBrush,
    QFont,
    QFontMetricsF,
    QImage,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from trdtrack.ui import theme
from trdtrack.ui.help.manual import slug
from trdtrack.ui.help.seeking import Section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtGui import QTextBlock, QTextFragment

    from trdtrack.ui.help.manual import Source

READING_PX = 14
HEADINGS_PX = {1: theme.TITLE_PX + 2, 2: theme.HEADLINE_PX + 2, 3: theme.HEADLINE_PX}
MEASURE = 75
"""Letters a line, at most: longer ones are hard to follow back."""
SAMPLE = "A save you saw confirmed survives a crash, and nothing is erased without a trace."
WIDEST_PX = 1024
"""As wide as the pictures were taken."""
LINE_PERCENT = 140
PICTURE = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands in the text where a picture is."""


class Leaf:
    """One page as a document, its sections, and its pictures fitted to a width."""

    def __init__(self, source: Source, folder: Path) -> None:
        self.source = source
        self._folder = folder
        self._width = 0
        self.document = QTextDocument()
        self.document.setDocumentMargin(0)
        self.document.setIndentWidth(theme.WIDE)
        self.document.setDefaultFont(theme.font(READING_PX))
        self.document.setMarkdown(source.text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        self._pictures = self._dress()
        self.sections = tuple(self._sections())

    # Dressing

    def _dress(self) -> list[str]:
        """Set type, space and colour; put each picture's words under it. Returns the names of the pictures."""
        pictures: list[tuple[int, str, str]] = []
        pieces = [(block, list(_fragments(block))) for block in _blocks(self.document)]
        for block, fragments in pieces:
            self._space(block)
            for fragment in fragments:
                look = fragment.charFormat()
                if look.isImageFormat():
                    image = look.toImageFormat()
                    said = str(image.property(QTextFormat.Property.ImageAltText) or "")
                    pictures.append((block.position() + block.length() - 1, image.name(), said))
                else:
                    self._colour(fragment, look, block.blockFormat().headingLevel())
        for table in _tables(self.document):
            _rule(table)
        edge = self.document.rootFrame().frameFormat()
        edge.setRightMargin(theme.PAD)
        self.document.rootFrame().setFrameFormat(edge)
        for end, _name, said in reversed(pictures):
            cursor = QTextCursor(self.document)
            cursor.setPosition(end)
            cursor.setBlockFormat(QTextBlockFormat())
            small = QTextCharFormat()
            small.setFont(theme.font(theme.SMALL_PX))
            small.setForeground(theme.colour("muted"))
            cursor.insertBlock(_spaced(above=4, below=theme.PAD), small)
            cursor.insertText(said)
        self._unlink()
        return [name for _end, name, _said in pictures]

    def _space(self, block: QTextBlock) -> None:
        level = block.blockFormat().headingLevel()
        if QTextCursor(block).currentTable():
            wanted = _spaced(above=2, below=2)
        elif level:
            wanted = _spaced(above=0 if block.position() == 0 else theme.WIDE, below=theme.GAP)
        else:
            within = bool(block.textList() and block.next().textList())
            wanted = _spaced(above=0, below=4 if within else theme.GAP + 4)
        QTextCursor(block).mergeBlockFormat(wanted)

    def _colour(self, fragment: QTextFragment, look: QTextCharFormat, level: int) -> None:
        cursor = QTextCursor(self.document)
        cursor.setPosition(fragment.position())
        cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
        code = look.fontFixedPitch()
        strong = level or look.fontWeight() > QFont.Weight.Normal
        face = theme.font(HEADINGS_PX.get(level, READING_PX), QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        face.setItalic(look.fontItalic())
        # Markdown's own adjustment of a heading's size would outweigh ours.
        look.clearProperty(QTextFormat.Property.FontSizeAdjustment)
        look.setFont(face)
        look.setForeground(theme.colour("accent" if look.isAnchor() else "ink"))
        look.setFontUnderline(look.isAnchor())
        if code:
            look.setBackground(theme.colour("chosen"))
        cursor.setCharFormat(look)

    def _unlink(self) -> None:
        """Make links that lead out of the manual plain text, with the address behind them: nothing is opened."""
        out = [
            (fragment.position(), fragment.length(), fragment.charFormat().anchorHref(), fragment.text())
            for block in _blocks(self.document)
            for fragment in _fragments(block)
            if fragment.charFormat().isAnchor() and not is_inside(fragment.charFormat().anchorHref())
        ]
        for position, length, address, text in reversed(out):
            cursor = QTextCursor(self.document)
            cursor.setPosition(position)
            cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
            plain = QTextCharFormat()
            plain.setFont(theme.font(READING_PX))
            plain.setForeground(theme.colour("ink"))
            cursor.insertText(text if text == address else f"{text} ({address})", plain)

    # Fitting

    def fit(self, width: int, sharpness: float) -> None:
        """Fit the page to a width in pixels: pictures as wide as may be, lines of text no longer than `MEASURE`."""
        if width == self._width or width <= 0:
            return
        self._width = width
        room = width - theme.PAD
        measure = letters_px(theme.font(READING_PX), MEASURE)
        margin = QTextBlockFormat()
        margin.setRightMargin(max(0, room - measure))
        for block in _blocks(self.document):
            if not QTextCursor(block).currentTable() and PICTURE not in block.text():
                QTextCursor(block).mergeBlockFormat(margin)
        for name in self._pictures:
            picture = QImage(str(self._file(name)))
            wide = round(min(room, WIDEST_PX) * sharpness)
            if not picture.isNull() and picture.width() > wide:
                picture = picture.convertToFormat(QImage.Format.Format_RGB32)
                picture = picture.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
            picture.setDevicePixelRatio(sharpness)
            self.document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), picture)
        self.document.markContentsDirty(0, self.document.characterCount())

    def _file(self, name: str) -> Path:
        """The picture in the theme's light or dark, if there is a dark one."""
        shown = self._folder / name
        dark = shown.with_name(f"{shown.stem}-dark{shown.suffix}")
        return dark if theme.palette().dark and dark.exists() else shown

    # Reading

    def _sections(self) -> Iterator[Section]:
        raw = self.document.toRawText()
        heads = [block for block in _blocks(self.document) if block.blockFormat().headingLevel()]
        ends = [*(head.position() for head in heads[1:]), len(raw)]
        for head, end in zip(heads, ends, strict=True):
            text = head.text()
            yield Section(self.source.name, text, slug(text), head.position(), raw[head.position() : end])

    def start_of(self, heading: str) -> int:
        """Return where a heading stands in the text, by its slug; 0 where there is none such."""
        return next((section.start for section in self.sections if section.slug == heading), 0)


def is_inside(link: str) -> bool:
    """Whether a link leads to a page or a heading of the manual."""
    return not QRegularExpression("^[a-z]+:").match(link).hasMatch()


def letters_px(font: QFont, letters: int) -> int:
    """Return how wide so many letters of running text are."""
    return round(QFontMetricsF(font).horizontalAdvance(SAMPLE) / len(SAMPLE) * letters)


def _spaced(*, above: int, below: int) -> QTextBlockFormat:
    made = QTextBlockFormat()
    made.setTopMargin(above)
    made.setBottomMargin(below)
    made.setLineHeight(LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    made.setNonBreakableLines(False)
    return made


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _fragments(block: QTextBlock) -> Iterator[QTextFragment]:
    for step in block:  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType] - Qt's iterator, not in its types
        yield step.fragment()


def _tables(document: QTextDocument) -> Iterator[QTextTable]:
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            yield frame


def _rule(table: QTextTable) -> None:
    """Give a table hairlines and room, and its first row the weight of headings."""
    look = table.format()
    look.setBorderCollapse(True)
    look.setBorder(1)
    look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    look.setBorderBrush(QBrush(theme.colour("line")))
    look.setCellPadding(6)
    look.setCellSpacing(0)
    look.setTopMargin(4)
    look.setBottomMargin(theme.PAD)
    look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 99))
    table.setFormat(look)
