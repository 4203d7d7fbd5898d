"""Clinical rules, section 5, sentence by sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trdtrack.domain.dossier import Dossier
from trdtrack.domain.phq9 import Item9
from trdtrack.domain.records import Course, EndReason, RiskRecord, RiskReview
from trdtrack.domain.risk import item9_now, item9_words, must_answer, opened_by_hand, raised, risk_state, risk_words
from trdtrack.words import say

from .making import AT, COURSE, PATIENT, asked, day, score

UNKNOWN = "unknown"


def nine(answer, number=0, **fields):
    """A PHQ-9 on a day with this answer to item 9; None left blank, UNKNOWN a total alone."""
    if answer == UNKNOWN:
        return score(number, 12, **fields)
    return asked(number, 1, 1, 1, 1, 1, 1, 1, 1, answer, **fields)


def review(number, answer, **fields):
    given = {"patient": "p", "risk": "r", "asked": "thoughts, plan", "found": "passive thoughts", "entered": AT}
    return RiskReview(date=day(number), item9=answer, **given | fields)


def record(**fields):
    return RiskRecord(**{"id": "r", "patient": "p", "opened": day(0), "entered": AT} | fields)


def state(*records, today=100):
    return risk_state(Dossier.of(PATIENT, [COURSE, *records]), today=day(today))


def one_a_day(*answers):
    return [nine(answer, number) for number, answer in enumerate(answers)]


@pytest.mark.parametrize(
    ("answers", "reviews", "asking", "why"),
    [
        # nothing raised
        ([], [], None, ""),
        ([0], [], None, ""),
        ([None], [], None, ""),
        ([UNKNOWN], [], None, ""),
        # new: the first, after a 0, after a blank, after a total alone
        ([1], [], 1, "new"),
        ([0, 1], [], 1, "new, 0 the time before"),
        ([None, 1], [], 1, "new, item 9 not answered"),
        ([UNKNOWN, 1], [], 1, "new, item 9 unknown"),
        # reviewed, on the day or later
        ([1], [(0, 1)], None, ""),
        ([1], [(5, 1)], None, ""),
        # a review before it, of a lower answer, or of none does not answer it
        ([0, 1], [(0, 1)], 1, "new"),
        ([2], [(0, 1)], 2, "new"),
        ([1], [(0, None)], 1, "new"),
        # unchanged and reviewed is quiet; unchanged and not reviewed is not
        ([1, 1], [(0, 1)], None, ""),
        ([1, 1, 1], [(0, 1)], None, ""),
        ([1, 1], [], 1, "not reviewed yet"),
        ([1, 1], [(1, 1)], None, ""),
        # higher
        ([1, 2], [(0, 1)], 2, "higher than before (1)"),
        ([1, 3], [(0, 1)], 3, "higher than before (1)"),
        ([2, 3], [(0, 2)], 3, "higher than before (2)"),
        # 2 or 3 each time, lower or unchanged
        ([2, 2], [(0, 2)], 2, "2 or 3 is answered each time"),
        ([3, 2], [(0, 3)], 2, "2 or 3 is answered each time"),
        ([2, 2], [(0, 2), (1, 2)], None, ""),
        # lower and reviewed is quiet; lower and not reviewed is not
        ([2, 1], [(0, 2)], None, ""),
        ([3, 1, 1], [(0, 3)], None, ""),
        # a 0 or a blank in between makes the next one new
        ([1, 0, 1], [(0, 1)], 1, "new, 0 the time before"),
        ([1, None, 1], [(0, 1)], 1, "new, item 9 not answered"),
        ([1, UNKNOWN, 1], [(0, 1)], 1, "new, item 9 unknown"),
        # a later 0 answers nothing
        ([2, 0, 0], [], 2, "new"),
        # the highest is asked first, and a review of it answers the lower ones
        ([2, 1], [], 2, "new"),
        ([1, 0, 3, 0, 1], [], 3, "new, 0 the time before"),
        ([1, 0, 3, 0, 1], [(4, 3)], None, ""),
        ([1, 0, 3, 0, 1], [(4, 1)], 3, "new, 0 the time before"),
    ],
)
def test_what_must_be_answered(answers, reviews, asking, why):
    now = state(record(), *one_a_day(*answers), *[review(number, answer) for number, answer in reviews])
    assert now.asking == asking
    assert (now.due is None) == (asking is None)
    assert why in (say(now.why) if now.why else "")
    assert bool(why) == bool(now.why)
    assert now.quiet == (asking is None)


def test_of_two_equal_answers_the_later_is_due():
    answers = one_a_day(2, 2)
    assert state(*answers).due == answers[1]


def test_every_reason_names_the_answer():
    assert say(state(nine(1), nine(3, 1)).why) == "Item 9 answered 3: higher than before (1)."


def test_a_total_only_and_many_blanks():
    """Three or more missing answers leave no total, and item 9 counts all the same."""
    answer = asked(0, *[None] * 8, 1)
    assert answer.score().total is None
    assert raised(answer)
    assert state(answer).asking == 1
    assert state(nine(UNKNOWN)).item9 is Item9.UNKNOWN
    assert state(nine(None)).item9 is Item9.NOT_ANSWERED


def test_on_one_day_the_moment_decides():
    before, after = AT - timedelta(hours=1), AT + timedelta(hours=1)
    assert state(nine(1), review(0, 1, entered=before)).asking == 1
    assert state(nine(1), review(0, 1, entered=AT)).asking is None
    # Two of one day: both count, in the order they were entered.
    assert state(nine(1), nine(2, entered=after), review(0, 1, entered=AT)).asking == 2
    assert state(nine(2), nine(0, entered=after)).asking == 2


def test_the_answer_before_may_stand_in_another_course():
    earlier = Course(id="d", patient="p", start=day(-100), end=day(-1))
    assert state(earlier, nine(1, -50, course="d"), review(-50, 1), nine(1)).asking is None
    assert state(earlier, nine(0, -50, course="d"), nine(1)).asking == 1


def test_a_correction_that_raises_the_answer_asks_again():
    answer = nine(1)
    assert state(answer, review(0, 1)).asking is None
    assert state(replace(answer, answers=(*answer.answers[:8], 2)), review(0, 1)).asking == 2


def test_withdrawn_answers_and_reviews_do_not_count():
    assert state(nine(1, withdrawn="x")).asking is None
    assert state(nine(1), review(0, 1, withdrawn="x")).asking == 1
    assert state(record(withdrawn="x")).open == ()


def test_when_to_look_again():
    records = (record(), record(id="s"), record(id="t", closed=day(5), closing_note="settled"))
    reviews = (
        review(1, None, again=day(8)),
        review(2, None, again=day(30)),
        review(2, None, risk="s", again=day(20)),
        review(2, None, risk="t", again=day(6)),
    )
    for today, due, overdue in ((19, False, False), (20, True, False), (21, True, True)):
        now = state(*records, *reviews, today=today)
        assert (now.again, now.looked_at.id, now.again_due, now.overdue) == (day(20), "s", due, overdue)
        assert now.quiet is not due
    assert state(record(), review(1, None, again=day(8)), review(2, None)).again is None


def test_death_asks_for_nothing_and_hides_nothing():
    died = replace(COURSE, end=day(50), end_reason=EndReason.DIED)
    records = [record(), nine(3), review(-1, 1, again=day(9))]
    now = risk_state(Dossier.of(PATIENT, [died, *records]), today=day(60))
    assert now.silent
    assert now.open == (records[0],)
    assert (now.due, now.asking, now.again, now.again_due, now.overdue) == (None, None, None, False, False)
    assert now.item9 == 3
    assert must_answer(Dossier.of(PATIENT, [died]), 3, day=day(60), entered=AT) is None
    assert say(risk_words(now)) == "risk record open since 1 Jan 2024; nothing is asked for any more"


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ((), "no PHQ-9 yet"),
        ((nine(0),), "item 9 answered 0 on 1 Jan 2024"),
        ((nine(None),), "item 9 not answered on 1 Jan 2024"),
        ((nine(UNKNOWN),), "item 9 unknown: total only"),
        ((nine(2),), "item 9 answered 2 on 1 Jan 2024: to be answered"),
        ((record(),), "risk record open since 1 Jan 2024; no PHQ-9 yet"),
        ((record(), nine(0)), "risk record open since 1 Jan 2024; item 9 answered 0 on 1 Jan 2024"),
        (
            (record(), nine(1), review(0, 1, again=day(200))),
            "risk record open, look again on 19 July 2024; item 9 answered 1 on 1 Jan 2024",
        ),
        (
            (record(), nine(1), review(0, 1, again=day(100))),
            "look again today; item 9 answered 1 on 1 Jan 2024",
        ),
        (
            (record(), nine(1), review(0, 1, again=day(7))),
            "look again was due on 8 Jan 2024; item 9 answered 1 on 1 Jan 2024",
        ),
    ],
)
def test_the_words(records, words):
    assert say(risk_words(state(*records))) == words


def test_no_words_ever_say_no_risk():
    for known in (None, *Item9, 0, 1, 2, 3):
        assert "no risk" not in say(item9_words(known)).lower()


# While it is being typed


@pytest.mark.parametrize("reviewed", [False, True])
@pytest.mark.parametrize(("before", "typed"), list(product([0, 1, 2, 3, None, UNKNOWN], [0, 1, 2, 3, None])))
def test_the_form_asks_what_the_saved_record_would_ask(before, typed, reviewed):
    earlier = [nine(before), *([review(0, 3)] if reviewed else [])]
    dossier = Dossier.of(PATIENT, [COURSE, *earlier])
    why = must_answer(dossier, typed, day=day(1), entered=AT)
    saved = nine(typed, 1)
    now = state(*earlier, saved)
    asked_of_it = now.due == saved
    if asked_of_it:
        assert why == now.why
    else:
        # Where the earlier answer is the higher of two that nobody reviewed, this one must be answered as well.
        assert (why is None) == (now.due is None or typed in (0, None))
    assert item9_now(dossier, typed, day=day(1), entered=AT) == (max(now.asking or 0, typed or 0) or None)


def test_a_correction_gives_way_to_what_is_typed():
    answer, later = nine(1, id="a"), nine(1, 7)
    dossier = Dossier.of(PATIENT, [COURSE, answer, review(0, 1), later])
    typed = {"day": answer.date, "entered": answer.entered, "but": "a"}
    assert must_answer(dossier, 1, **typed) is None
    assert say(must_answer(dossier, 2, **typed)) == "Item 9 answered 2: new, the first PHQ-9."
    assert must_answer(dossier, 0, **typed) is None


def test_opened_by_hand():
    made = opened_by_hand("p", at=AT)
    assert (made.patient, made.opened, made.assessment, made.closed) == ("p", AT.date(), None, None)


@given(
    st.lists(st.sampled_from([0, 1, 2, 3, None, UNKNOWN]), max_size=8),
    st.lists(st.tuples(st.integers(0, 8), st.sampled_from([None, 0, 1, 2, 3])), max_size=4),
)
def test_a_record_never_closes_by_itself_and_a_review_of_3_answers_everything(answers, reviews):
    written = [review(number, answer) for number, answer in reviews]
    now = state(record(), *one_a_day(*answers), *written)
    assert now.open == (record(),)
    known = [a for a in answers if isinstance(a, int)]
    assert now.asking is None or now.asking in known
    assert state(record(), *one_a_day(*answers), *written, review(9, 3)).asking is None
    if not written:
        assert (now.asking or 0) == max(known, default=0)
