"""The risk reviews as a letter tells them: what was asked, found and planned. Nothing here rates the risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.message import Message, message
from trdtrack.domain.risk import item9_words, risk_state

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.records import RiskRecord, RiskReview
    from trdtrack.domain.risk import RiskState


def risk_paragraph(dossier: Dossier, *, today: date) -> Message:
    """Return one paragraph: each open record with its latest review, else the last one closed, and the last item 9."""
    state = risk_state(dossier, today=today)
    told = [_told(record, dossier) for record in state.open]
    closed = [record for record in dossier.risks if record.closed]
    if not told and closed:
        told = [_told(max(closed, key=lambda r: (r.closed, r.entered)), dossier)]
    if not told:
        told = [message("No risk record has been opened here.")]
    lead = message("Risk: this is what is recorded here; it is not a rating of the risk.")
    return _sentences([lead, *told, *_item9(state)])


def _told(record: RiskRecord, dossier: Dossier) -> Message:
    written = [review for review in dossier.reviews if review.risk == record.id]
    review = _review(written[-1]) if written else message("It has not been reviewed yet.")
    if record.closed is None:
        return message("A risk record has been open since {day}. {review}", day=record.opened, review=review)
    return message(
        "The last risk record was opened on {day} and closed on {closed}: {note}. {review}",
        day=record.opened,
        closed=record.closed,
        note=_in_one_line(record.closing_note),
        review=review,
    )


def _review(review: RiskReview) -> Message:
    parts = [message("Latest review on {day}.", day=review.date)]
    for words, text in (
        (message("Asked: {text}."), review.asked),
        (message("Found: {text}."), review.found),
        (message("Plan: {text}."), review.plan),
        (message("Told: {text}."), review.told),
    ):
        if text.strip():
            parts.append(Message(words.text, {"text": _in_one_line(text)}))
    if review.again:
        parts.append(message("To be looked at again on {day}.", day=review.again))
    return _sentences(parts)


def _item9(state: RiskState) -> list[Message]:
    if state.latest is None:
        return [message("There is no PHQ-9 yet.")]
    said = [message("PHQ-9 of {day}: {item9}.", day=state.latest.date, item9=item9_words(state.item9))]
    if state.due:
        said.append(message("The answer of {day} to item 9 is still to be reviewed.", day=state.due.date))
    if state.item9 == 0:
        said.append(message("An answer of 0 is an answer to this one question; it does not replace asking."))
    return said


def _sentences(parts: list[Message]) -> Message:
    placed = {f"s{number}": part for number, part in enumerate(parts)}
    return Message(" ".join(f"{{{name}}}" for name in placed), placed)


def _in_one_line(text: str) -> str:
    """Return a text on one line without the stop at its end: the sentence around it has one."""
    return " ".join(text.split()).removesuffix(".")
