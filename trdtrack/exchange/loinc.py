"""The PHQ-9's codes in LOINC: questionnaire, questions, answers and total (clinical rules, section 1)."""

from __future__ import annotations

SYSTEM = "http://loinc.org"
PANEL, TOTAL, DIFFICULTY = "44249-1", "44261-6", "69722-7"
ITEMS = (
    *("44250-9", "44255-8", "44259-0", "44254-1", "44251-7"),
    *("44258-2", "44252-5", "44253-3", "44260-8"),
)
"""The nine questions, in the instrument's order."""
QUESTIONS = frozenset({*ITEMS, DIFFICULTY, TOTAL})
ANSWERS = {"LA6568-5": 0, "LA6569-3": 1, "LA6570-1": 2, "LA6571-9": 3}
DIFFICULTIES = {"LA6572-7": 0, "LA6573-5": 1, "LA6575-0": 2, "LA6574-3": 3}
"""The codes' order is not the order of severity."""
