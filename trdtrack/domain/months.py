"""Calendar months between days, as people count them: 31 January and a month is the last of February."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_later(day: date, months: int) -> date:
    """Return the same day `months` later (earlier if negative), or the month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_months(start: date, until: date) -> int:
    """Return how many whole months lie between two days; negative where `until` comes first."""
    months = (until.year - start.year) * 12 + until.month - start.month
    return months - (until < months_later(start, months))
