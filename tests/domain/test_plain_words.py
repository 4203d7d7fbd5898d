"""The words for the patient: the record's numbers, and nothing of signals, risk or forecasts."""

import pytest

from trdtrack.domain.plain_words import for_patient
from trdtrack.words import say

from .making import asked, score, summary, weekly


def words(*totals: int) -> str:
    return " ".join(say(sentence) for sentence in for_patient(summary(weekly(*totals))))


def test_before_and_at_the_first_score():
    assert words() == "There is no score yet. The first one is where we begin."
    assert words(19).startswith("Your score on 1 Jan 2024 was 19 of 27. With the next scores")


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ((19, 13), "You began at 19. On 8 Jan 2024 your score was 13. That is 6 points lower: enough to be real"),
        ((19, 14), "That is 5 points lower. From 6 points on we can be sure"),
        ((19, 18), "That is 1 point lower."),
        ((19, 19), "That is level with where you began."),
        ((19, 21), "That is 2 points higher. Scores go up and down; from 6 points on"),
        ((19, 25), "That is 6 points higher: enough to be real. Let us look at it together."),
        ((19, 9), "That is below 10, the mark that clinics use for depression."),
        ((19, 4), "A score below 5 means few signs of depression, or none."),
    ],
)
def test_each_change_in_words(totals, said):
    assert said in words(*totals)


def test_the_range_is_named_only_where_it_is_drawn():
    assert "4 in 5" in words(19, 18)
    assert "4 in 5" not in words(8, 7)


def test_nothing_is_said_of_signals_risk_or_forecast():
    scores = [asked(0, 3, 3, 3, 3, 3, 3, 3, 3, 3), *(score(d, 27) for d in range(28, 120, 7))]
    said = " ".join(say(s) for s in for_patient(summary(scores))).lower()
    for word in ("review", "plateau", "risk", "item 9", "forecast", "slower", "deterior", "suicid"):
        assert word not in said
