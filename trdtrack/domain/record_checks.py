"""What every record checks at birth, said once."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING
from uuid import uuid4

from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal

if TYPE_CHECKING:
    from datetime import date, datetime


def new_id() -> str:
    """Return a fresh record id: 32 hexadecimal digits, unique across files, so that caseloads can be merged."""
    return uuid4().hex


def refuse(field: str, what: Message) -> None:
    """Refuse a record, naming the field."""
    raise Refusal(what, field=field)


def check_texts(**texts: str | None) -> None:
    """Refuse half of a surrogate pair, as a broken paste leaves it: no file could hold it."""
    for field, text in texts.items():
        # Every record read from the file passes here: the common case first.
        if text and not text.isascii() and _broken(text):
            refuse(field, message("This text has a broken character in it: paste or type it again."))


def _broken(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def check_moment(entered: datetime) -> None:
    """Refuse a moment without a zone: a bug of ours, not a person's."""
    if entered.tzinfo is None:
        raise ValueError("a moment needs its time zone")


def check_whole(field: str, value: int | None, most: int, what: Message, *, least: int = 1) -> None:
    """Refuse what is not a whole number from `least` to `most`; None is allowed. `what` says so in words."""
    if value is not None and (type(value) is not int or not least <= value <= most):
        refuse(field, what)


def check_order(field: str, first: date | None, last: date | None, what: Message) -> None:
    """Refuse a span that ends before it begins."""
    if first and last and last < first:
        refuse(field, what)


def check_months(field: str, months: tuple[int, ...]) -> None:
    """Refuse months that are not whole, 1 to 60, each later than the one before."""
    rising = all(a < b for a, b in itertools.pairwise(months))
    if not rising or any(type(m) is not int or not 1 <= m <= 60 for m in months):
        refuse(field, message("Months are whole numbers from 1 to 60, each later than the one before."))
