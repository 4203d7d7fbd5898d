from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trdtrack.domain.dossier import Dossier
from trdtrack.domain.months import months_later, whole_months
from trdtrack.domain.records import Episode, Known, Role, Rules, Treatment, TrialOutcome
from trdtrack.domain.resistance import Met, Verdict, criterion, criterion_of
from trdtrack.words import say

from .making import AT, PATIENT

BEGAN = date(2025, 1, 1)
EPISODE = Episode(id="e", patient="p", start=BEGAN, entered=AT)


def trial(drug: str = "sertraline", **fields) -> Treatment:
    """A trial that counts, unless told otherwise."""
    fields = {
        "adequate": Known.YES,
        "adherence": Known.YES,
        "weeks": 8,
        "outcome": TrialOutcome.NO_RESPONSE,
        "start": date(2025, 2, 1),
        "end": date(2025, 4, 1),
        **fields,
    }
    return Treatment(patient="p", drug=drug, **fields)


def judge(*treatments: Treatment, episode: Episode | None = EPISODE, weeks: int = 4, until: date | None = None):
    return criterion(treatments, episode=episode, weeks=weeks, until=until)


def reason(treatment: Treatment, **given_) -> tuple[Verdict, str]:
    _, verdict, why = judge(treatment, **given_).trials[0]
    return verdict, say(why)


COUNTS = [
    {},
    {"outcome": TrialOutcome.PARTIAL},
    {"weeks": 4},
    {"start": None, "end": BEGAN},
    {"start": date(2024, 1, 1), "end": None, "still_taken": True},
    {"start": date(2024, 1, 1), "end": date(2025, 1, 2)},
    {"start": BEGAN, "end": None},
    {"start": None, "end": None, "in_episode": Known.YES},
    {"start": date(2020, 1, 1), "end": date(2020, 5, 1), "in_episode": Known.YES},
]


@pytest.mark.parametrize("fields", COUNTS)
def test_a_trial_that_counts(fields):
    assert reason(trial(**fields))[0] is Verdict.COUNTS


DOES_NOT = [
    ({"adequate": Known.NO}, "the dose was not adequate"),
    ({"adherence": Known.NO}, "it was not taken as prescribed"),
    ({"weeks": 3}, "3 weeks at an adequate dose, 4 needed"),
    ({"weeks": 1}, "1 week at an adequate dose, 4 needed"),
    ({"outcome": TrialOutcome.RESPONSE}, "the patient responded"),
    ({"outcome": TrialOutcome.NOT_TOLERATED}, "not tolerated"),
    ({"in_episode": Known.NO}, "not taken in the current episode"),
    ({"start": date(2024, 1, 1), "end": date(2024, 12, 31)}, "not taken in the current episode"),
    ({"role": Role.AUGMENTATION}, "augmentation is not a trial of its own"),
    ({"role": Role.ECT}, "ECT is not a drug trial"),
    ({"role": Role.OTHER}, "not an antidepressant"),
    ({"weeks": 2, "outcome": TrialOutcome.NOT_TOLERATED}, "2 weeks at an adequate dose, 4 needed, not tolerated"),
    # What is open does not matter any more.
    ({"adequate": Known.NO, "weeks": None, "outcome": TrialOutcome.NOT_RECORDED}, "the dose was not adequate"),
]


@pytest.mark.parametrize(("fields", "why"), DOES_NOT)
def test_a_trial_that_does_not_count(fields, why):
    assert reason(trial(**fields)) == (Verdict.DOES_NOT_COUNT, why)


OPEN = [
    ({"adequate": Known.UNSURE}, "open: dose adequate"),
    ({"adequate": Known.NOT_RECORDED}, "open: dose adequate"),
    ({"adherence": Known.UNSURE}, "open: adherence"),
    ({"adherence": Known.NOT_RECORDED}, "open: adherence"),
    ({"weeks": None}, "open: weeks"),
    ({"outcome": TrialOutcome.NOT_RECORDED}, "open: outcome"),
    ({"in_episode": Known.UNSURE}, "open: taken in the current episode"),
    ({"start": date(2024, 1, 1), "end": None}, "open: end"),
    ({"start": None, "end": None}, "open: start or end"),
    ({"adequate": Known.UNSURE, "weeks": None}, "open: dose adequate, weeks"),
]


@pytest.mark.parametrize(("fields", "why"), OPEN)
def test_a_possible_trial_names_its_open_fields(fields, why):
    found = judge(trial(**fields), trial("venlafaxine"))
    assert reason(trial(**fields)) == (Verdict.POSSIBLE, why)
    assert found.met is Met.CANNOT_TELL
    assert say(found.why) == (
        f"1 failed antidepressant trial counts (venlafaxine); still open: sertraline ({why.removeprefix('open: ')})"
    )
    assert [say(field) for field in found.possible[0][1]] == why.removeprefix("open: ").split(", ")


@pytest.mark.parametrize("episode", [None, replace(EPISODE, start=None)])
def test_without_the_episodes_start_its_trials_are_open(episode):
    assert reason(trial(), episode=episode) == (Verdict.POSSIBLE, "open: start of the current episode")
    assert reason(trial(in_episode=Known.YES), episode=episode)[0] is Verdict.COUNTS


def test_the_clinics_weeks_decide():
    assert reason(trial(weeks=5), weeks=6)[0] is Verdict.DOES_NOT_COUNT
    assert reason(trial(weeks=6), weeks=6)[0] is Verdict.COUNTS
    dossier = Dossier.of(PATIENT, [trial(weeks=5), trial("b", weeks=5), EPISODE])
    assert criterion_of(dossier, Rules()).met is Met.MET
    assert criterion_of(dossier, Rules(trial_weeks=6)).met is Met.NOT_MET


def test_met_from_two_different_drugs():
    found = judge(trial(), trial("venlafaxine"))
    assert found.met is Met.MET
    assert say(found.why) == "2 failed antidepressant trials count (sertraline, venlafaxine)"
    assert [t.drug for t in found.counted] == ["sertraline", "venlafaxine"]
    # A third, doubtful one takes nothing away.
    assert judge(trial(), trial("venlafaxine"), trial("c", weeks=None)).met is Met.MET


def test_the_same_drug_counts_once():
    found = judge(trial("Sertraline"), trial(" SERTRALINE  "))
    assert found.met is Met.NOT_MET
    assert say(found.trials[1][2]) == "the same drug counts once"
    assert say(found.why) == "1 failed antidepressant trial counts (Sertraline); 2 are needed"


def test_of_one_drug_the_counted_trial_stands_before_a_possible_one():
    found = judge(trial(weeks=None), trial())
    assert [verdict for _, verdict, _ in found.trials] == [Verdict.DOES_NOT_COUNT, Verdict.COUNTS]
    assert not found.possible
    assert found.met is Met.NOT_MET
    # One that does not count takes nothing from the same drug taken well.
    assert judge(trial(outcome=TrialOutcome.NOT_TOLERATED), trial(), trial("b")).met is Met.MET


def test_two_possible_trials_of_one_drug_are_one():
    found = judge(trial(weeks=None), trial(weeks=None, adequate=Known.UNSURE))
    assert found.met is Met.NOT_MET
    assert len(found.possible) == 1
    expected = "no antidepressant trial counts; at most one more could: sertraline (weeks)"
    assert say(found.why) == expected


def test_nothing_recorded_is_not_met():
    found = judge()
    assert (found.met, found.counted, found.possible, found.trials) == (Met.NOT_MET, (), (), ())
    assert say(found.why) == "no antidepressant trial counts; 2 are needed"


def test_two_possible_ones_cannot_tell():
    assert judge(trial(weeks=None), trial("b", weeks=None)).met is Met.CANNOT_TELL


def test_as_it_was_on_a_day():
    early, late = trial(), trial("venlafaxine", start=date(2025, 5, 1), end=None, still_taken=True)
    assert judge(early, late).met is Met.MET
    then = judge(early, late, until=date(2025, 4, 30))
    assert (then.met, len(then.trials)) == (Met.NOT_MET, 1)
    assert judge(early, late, until=date(2025, 5, 1)).met is Met.MET
    unknown = judge(trial(start=None, end=date(2025, 6, 1)), until=date(2025, 4, 30))
    assert say(unknown.trials[0][2]) == "open: start"
    assert judge(trial(start=None, end=date(2025, 3, 1)), until=date(2025, 4, 30)).counted


@given(
    st.lists(
        st.builds(
            trial,
            st.sampled_from(["a", "A", "b", "c"]),
            adequate=st.sampled_from(Known),
            adherence=st.sampled_from(Known),
            in_episode=st.sampled_from(Known),
            weeks=st.sampled_from([None, 2, 4]),
            outcome=st.sampled_from(TrialOutcome),
            role=st.sampled_from(Role),
        ),
        max_size=6,
    )
)
def test_filling_in_what_is_open_decides_between_met_and_not_met(treatments):
    found = judge(*treatments)
    assert len(found.trials) == len(treatments)
    drugs = [t.drug.casefold() for t in found.counted] + [t.drug.casefold() for t, _ in found.possible]
    assert len(drugs) == len(set(drugs))
    yes = {"adequate": Known.YES, "adherence": Known.YES, "in_episode": Known.YES, "weeks": 8}
    possible = {t.id for t, _ in found.possible}
    hopeful = [replace(t, **yes, outcome=TrialOutcome.PARTIAL) if t.id in possible else t for t in treatments]
    without = [t for t in treatments if t.id not in possible]
    if found.met is Met.CANNOT_TELL:
        assert judge(*hopeful).met is Met.MET
        assert judge(*(replace(t, adequate=Known.NO) if t.id in possible else t for t in treatments)).met is not Met.MET
    else:
        assert judge(*hopeful).met is found.met
        assert (judge(*without).met is Met.MET) is (found.met is Met.MET)


@given(st.dates(date(1950, 1, 1), date(2050, 1, 1)), st.integers(-600, 600))
def test_months_there_and_back(day, months):
    later = months_later(day, months)
    assert (later.day == day.day) or (later + timedelta(days=1)).day == 1
    if later.day == day.day:
        assert whole_months(day, later) == months
        assert months_later(later, -months) == day
        assert whole_months(day, later - timedelta(days=1)) == months - 1


def test_the_end_of_a_month():
    assert months_later(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_later(date(2024, 3, 31), -1) == date(2024, 2, 29)
    assert whole_months(date(2024, 1, 31), date(2024, 2, 29)) == 1
    assert whole_months(date(2024, 1, 31), date(2024, 2, 28)) == 0
