"""PySide6 6.12.0 on Python 3.11 loses a reference to None with each call of a Qt method that returns nothing.

After some thousand calls the interpreter aborts, so pyproject keeps PySide6 below 6.12. This counts the references.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject

CALLS = 500
NOISE = 50


def test_calls_that_return_nothing_keep_their_references():
    thing = QObject()
    before = sys.getrefcount(None), sys.getrefcount(True), sys.getrefcount(False)
    for _ in range(CALLS):
        thing.setObjectName("y")  # returns None
        thing.isWidgetType()  # returns False
        thing.blockSignals(False)
    after = sys.getrefcount(None), sys.getrefcount(True), sys.getrefcount(False)
    lost = [b - a for b, a in zip(before, after, strict=True)]
    assert max(lost) < NOISE
