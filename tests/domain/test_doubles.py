from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trdtrack.domain import doubles
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.doubles import doubles_of, past_retention, probable_doubles
from trdtrack.domain.records import Course, Patient

BORN = date(1984, 3, 2)
CODES = iter(range(10**6))


def person(name: str, born: date | None = BORN, **fields) -> Patient:
    return Patient(code=f"P-{next(CODES)}", name=name, date_of_birth=born, **fields)


LIKE = [
    ("Lena Berg", "Lena Berg"),
    ("Lena Berg", "lena BERG"),
    ("Lena Berg", "Berg, Lena"),
    ("Lena Berg", "Lena Bergh"),
    ("Zoë Åkesson", "Zoe Akesson"),
    ("Søren Łukasz", "Soren Lukasz"),
    ("Philip Karlsson", "Filip Karlsson"),
    ("L. B.", "Lena Berg"),
    ("B. L.", "Lena Berg"),
    ("K. Müller", "Katharina Muller"),
    ("A. H.-W.", "Anneliese Hohenstein-Wartenberg"),
    ("L. B.", "L. B."),
    ("山田 太郎", "山田太郎"),
    ("محمد علي", "محمد علي"),
]
UNLIKE = [
    ("Lena Berg", "Anna Berg"),
    ("Lena Berg", "Tom Olsen"),
    ("L. B.", "Lena Olsen"),
    ("L. B.", "Lena Maria Berg"),
    ("L.", "Lena"),
    ("Lena Berg", ""),
    ("", ""),
    ("...", "..."),
]


@pytest.mark.parametrize(("one", "other"), LIKE)
def test_like_names(one, other):
    first, second = person(one), person(other)
    assert probable_doubles([first, second]) == [(first, second)]
    assert doubles_of(first, [first, second]) == [second]
    assert doubles_of(second, [first, second]) == [first]


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_unlike_names(one, other):
    first, second = person(one), person(other)
    assert probable_doubles([first, second]) == []
    assert doubles_of(first, [first, second]) == doubles_of(second, [first, second]) == []


def test_the_birth_date_must_be_the_same_and_known():
    for born in (BORN + timedelta(days=1), None):
        first, second = person("Lena Berg"), person("Lena Berg", born)
        assert probable_doubles([first, second]) == []
        assert doubles_of(first, [second]) == doubles_of(second, [first]) == []
    assert probable_doubles([person("Lena Berg", None), person("Lena Berg", None)]) == []


def test_withdrawn_records_are_left_out():
    first, second = person("Lena Berg"), person("Lena Berg", withdrawn="merged into P-1")
    assert probable_doubles([first, second]) == []
    assert doubles_of(first, [first, second]) == []


def test_three_of_a_kind_are_three_pairs():
    three = [person("Lena Berg") for _ in range(3)]
    assert len(probable_doubles(three)) == 3
    assert len(doubles_of(three[0], three)) == 2


NAMES = st.lists(st.sampled_from(["Lena", "L.", "Berg", "B", "Bergh", "Åsa", ""]), max_size=3).map(" ".join)


@given(st.lists(st.tuples(NAMES, st.sampled_from([BORN, None, date(2000, 1, 1)])), max_size=6))
def test_the_form_and_the_list_agree(people):
    patients = [person(name, born) for name, born in people]
    pairs = {frozenset((a.id, b.id)) for a, b in probable_doubles(patients)}
    assert pairs == {frozenset((p.id, other.id)) for p in patients for other in doubles_of(p, patients)}


def test_names_are_compared_within_a_birth_date_only(monkeypatch):
    """Each with each, ten thousand patients would be fifty million comparisons."""
    compared = []
    alike = doubles._alike
    monkeypatch.setattr(doubles, "_alike", lambda one, other: compared.append(one) or alike(one, other))
    patients = [person(f"Person {n}", date(1940, 1, 1) + timedelta(days=n % 9000)) for n in range(10000)]
    probable_doubles(patients)
    assert len(compared) == 1000


TODAY = date(2026, 5, 2)


def held(*courses: tuple[date | None, str | None]) -> Dossier:
    patient = person("Lena Berg")
    made = [
        Course(patient=patient.id, start=end - timedelta(days=365) if end else None, end=end, withdrawn=withdrawn)
        for end, withdrawn in courses
    ]
    return Dossier.of(patient, made)


RETENTION = [
    ([(date(2016, 5, 1), None)], True),
    ([(date(2016, 5, 2), None)], False),  # ten years to the day
    ([(date(2010, 5, 1), None), (date(2020, 5, 1), None)], False),
    ([(date(2010, 5, 1), None), (None, None)], False),
    ([(date(2010, 5, 1), None), (None, "typing error")], True),
    ([(date(2010, 5, 1), None), (date(2012, 5, 1), None)], True),
    ([], False),
    ([(None, None)], False),
]


@pytest.mark.parametrize(("courses", "past"), RETENTION)
def test_past_the_retention_period(courses, past):
    dossier = held(*courses)
    found = past_retention([dossier], 10, today=TODAY)
    assert bool(found) is past
    if past:
        assert found == [(dossier.patient, dossier.courses[-1])]


def test_without_a_period_nothing_is_listed():
    assert past_retention([held((date(1950, 1, 1), None))], None, today=TODAY) == []


def test_ten_years_after_a_leap_day():
    course = (date(2016, 2, 29), None)
    assert past_retention([held(course)], 10, today=date(2026, 2, 28)) == []
    assert past_retention([held(course)], 10, today=date(2026, 3, 1))
