"""How much of a page the parts of the patient summary take, so that the chart is drawn as high as they leave it.

Estimates from the number of letters: the template sets the chart a little smaller where they were too low.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trdtrack.report.sheet import MILLIMETRES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trdtrack.report.sheet import Size

MARGIN_MM = 17.0
LEAST_CHART_MM, MOST_CHART_MM = 50.0, 92.0
"""Below the least nobody could read it: then the scores have a page of their own."""
ROWS_BESIDE = 22
"""More scores than this have a page of their own."""
ABOVE_AND_BELOW_MM = 43.0
"""What is there on every page: margins, heading, foot, and the gaps between the parts."""
_LINE, _SMALL, _ROW, _HEAD = 3.0, 2.75, 3.0, 4.6
"""Millimetres of a line of text, of small print, of a table's row, and of a heading or a table's head."""
_LEFT, _RIGHT, _WHOLE, _SENTENCE, _FACTS, _NAME = 76, 60, 152, 90, 125, 60
"""Letters that surely fit a line of the left column, the right one, the small print, the sentence, facts, the name."""
HEADING_LINE = 50
"""Letters of code and name together beyond which the name has lines of its own: the template's measure too."""


@dataclass(frozen=True)
class Room:
    """The most a layout takes: treatments, looks at the risk, letters of what was written at each, and of a note."""

    treatments: int
    reviews: int
    longest_text: int
    longest_note: int
    apart: bool = True
    """Whether the scores have a page of their own."""


ONE_PAGE = Room(6, 2, 110, 300, apart=False)
TWO_PAGES = (Room(12, 6, 200, 300), Room(8, 4, 140, 220), Room(4, 1, 100, 140))
"""From much room to little."""


def fits(content: dict[str, Any], size: Size) -> bool:
    """Whether everything on the first page fits beside a chart that can be read."""
    beside = content["scores_apart"] or len(content["scores"]["rows"]) <= ROWS_BESIDE
    return beside and _left(content, size) >= LEAST_CHART_MM


def chart_height(content: dict[str, Any], size: Size) -> float:
    """Millimetres the chart may take."""
    return min(max(_left(content, size), LEAST_CHART_MM), MOST_CHART_MM)


def _left(content: dict[str, Any], size: Size) -> float:
    """Millimetres the other parts leave."""
    wide = MILLIMETRES[size][0] / 210.0
    scores = 0.0 if content["scores_apart"] else _scores(content["scores"], wide)
    care, risk = (
        _medication(content["medication"], wide),
        _risk(content["risk"], _LEFT if content["scores_apart"] else _RIGHT, wide),
    )
    answers = _findings(content, wide)
    columns = max(care + risk, answers) if content["scores_apart"] else max(scores + care, answers + risk)
    facts = _LINE * 2.6 * _lines([" " * 6 + max(fact, key=len) for fact in content["facts"]], _FACTS, wide, joined=True)
    if len(content["code"] + content["name"]) > HEADING_LINE:
        facts += 5.2 * _lines([content["name"]], _NAME, wide)
    sentence = 5.2 * _lines([content["sentence"]], _SENTENCE, wide)
    return MILLIMETRES[size][1] - ABOVE_AND_BELOW_MM - facts - sentence - columns - _small_print(content, wide)


def _scores(table: dict[str, Any], wide: float) -> float:
    return 2.4 * _HEAD + _ROW * len(table["rows"]) + _SMALL * _lines([table["signs"]], _LEFT, wide)


def _medication(care: dict[str, Any], wide: float) -> float:
    texts = [" ".join(care["now"]), *(" ".join(note) for note in care["notes"]), care["looser"], care["left_out"]]
    table = _HEAD + _ROW * len(care["rows"]) if care["rows"] else 0.0
    return _HEAD + table + _paragraphs(texts, _LEFT, wide)


def _risk(risk: dict[str, Any], letters: int, wide: float) -> float:
    texts = [risk["item9"], " ".join(risk["state"]), risk["none"], risk["left_out"]]
    for record in risk["records"]:
        texts.append(record["lead"])
        texts += [" ".join([look["day"], *(" ".join(part) for part in look["parts"])]) for look in record["looks"]]
    return _HEAD + _paragraphs(texts, letters, wide)


def _findings(content: dict[str, Any], wide: float) -> float:
    found = content["findings"]
    texts = [found["note"], *(" ".join(note) for note in content["notes"])]
    return 2 * _HEAD + _ROW * len(found["rows"]) + _paragraphs(texts, _RIGHT, wide)


def _small_print(content: dict[str, Any], wide: float) -> float:
    expected = content["expected"]
    parts = [expected["about"], expected["sources"], expected["assumptions"], *expected["caveats"], content["licence"]]
    return 6.0 + _SMALL * 1.15 * _lines([" ".join(parts)], _WHOLE, wide)


def _paragraphs(texts: Iterable[str], letters: int, wide: float) -> float:
    told = [text for text in texts if text]
    return _LINE * _lines(told, letters, wide) + 0.9 * len(told)


def _lines(texts: list[str], letters: int, wide: float, *, joined: bool = False) -> int:
    if joined:
        texts = ["".join(texts)]
    return sum(-(-len(text) // int(letters * wide)) for text in texts if text)
