"""What a patient answers on this screen, before anybody confirms it."""

from datetime import datetime, timedelta

import pytest

from trdtrack.domain.handover import DIFFICULTY, Handed, handed_text, read_handed

AT = datetime(2026, 11, 20, 9, 30).astimezone()
LATER = AT + timedelta(minutes=2)


def answered(*values):
    handed = Handed(at=AT)
    for place, value in enumerate(values):
        handed = handed.with_answer(place, value, at=LATER)
    return handed


def test_an_answer_is_kept_at_its_place_and_a_skipped_one_is_missing_not_0():
    handed = answered(2, None, 0)
    assert handed.answers == (2, None, 0, None, None, None, None, None, None)
    assert (handed.answered, handed.at) == (2, LATER)
    assert not handed.blank
    assert handed.with_answer(0, None, at=AT).answers[0] is None


def test_the_difficulty_is_not_asked_where_all_nine_are_0():
    nothing = answered(*[0] * 9)
    assert DIFFICULTY not in nothing.places
    something = nothing.with_answer(4, 1, at=AT).with_answer(DIFFICULTY, 2, at=AT)
    assert (DIFFICULTY in something.places, something.difficulty) == (True, 2)
    # The problem taken back, there is nothing the difficulty could be of.
    assert something.with_answer(4, 0, at=AT).difficulty is None
    assert DIFFICULTY in answered(0, 0, None).places


@pytest.mark.parametrize(
    ("values", "place"), [((), 0), ((1,), 1), ((1, None, 2), 3), ((0,) * 9, 9), ((1,) * 9, 9), ((1,) * 10, 10)]
)
def test_one_goes_on_after_the_last_answer(values, place):
    assert answered(*values).next_place() == place


def test_what_is_kept_reads_as_it_was():
    handed = answered(2, None, 0, 1, 3, 2, 1, 0, 1, 3).finished(at=LATER)
    assert read_handed(handed_text(handed)) == handed
    assert handed.done


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"at": "2026-11-20T09:30:00+00:00", "answers": [1, 2], "difficulty": null, "done": false}',
        '{"at": "2026-11-20T09:30:00+00:00", "answers": [4,0,0,0,0,0,0,0,0], "difficulty": null, "done": false}',
        '{"at": "2026-11-20T09:30:00+00:00", "answers": [true,0,0,0,0,0,0,0,0], "difficulty": null, "done": false}',
        '{"at": "yesterday", "answers": [0,0,0,0,0,0,0,0,0], "difficulty": null, "done": false}',
    ],
)
def test_what_is_no_such_text_is_none(text):
    assert read_handed(text) is None


def test_no_answer_shows_in_what_is_printed_of_it():
    assert "3" not in repr(answered(3, 3, 3)).replace(repr(LATER), "")
