"""What the columns of the research export mean, and what goes with it in words."""

from __future__ import annotations

from trdtrack.domain import phq9
from trdtrack.domain.message import Message, message
from trdtrack.domain.outcome import RESPONSE

Defined = tuple[str, Message, Message]
"""A column's name, its meaning and its unit."""

_DAYS = message("days since week 0 of the course")
_SCORE = message("points, 0 to 27")
_YES_NO = message("yes or no")
_WORD = message("word")
_NUMBER = message("number")
_NAME = message("S and 10 hexadecimal digits")
_STUDY: tuple[Defined, ...] = (
    ("study_id", message("the person's study number"), _NAME),
    ("course", message("the person's courses of care, counted from 1 in the order of their week 0"), _NUMBER),
)
_ITEMS: tuple[Defined, ...] = tuple(
    (f"item{n}", message("the answer to question {n}; empty where left blank", n=n), message("0 to 3"))
    for n in range(1, phq9.ITEMS + 1)
)
SCORES: tuple[Defined, ...] = (
    *_STUDY,
    ("day", message("the day the patient answered; a baseline from before week 0 is below 0"), _DAYS),
    ("total", message("the PHQ-9 total; empty where there is none"), _SCORE),
    ("completeness", message("complete, prorated, total only, no total"), _WORD),
    ("answered", message("questions answered of nine; empty where only the total is known"), _NUMBER),
    *_ITEMS,
    ("item10", message("function, never part of the total; empty where left blank"), message("0 to 3")),
    ("counts", message("no for a total that gives way to another of its day, and where there is none"), _YES_NO),
    ("baseline", message("whether the course is measured against this score; it may stand in two courses"), _YES_NO),
    ("attended", message("sessions of the course attended up to that day"), message("sessions")),
)
COURSES: tuple[Defined, ...] = (
    *_STUDY,
    ("age", message("age at week 0; 18 stands for 18 or less, 89 for 89 or more"), message("whole years")),
    ("therapist", message("the therapist's study number"), _NAME),
    ("modality", message("the kind of psychotherapy"), _WORD),
    ("format", message("individual or group"), _WORD),
    ("presentation", message("first episode, recurrent, chronic; more than one may hold"), _WORD),
    ("resistance_criterion", message("two failed antidepressant trials or more: met, not met, cannot tell"), _WORD),
    ("counted_trials", message("failed antidepressant trials that count towards the criterion"), _NUMBER),
    ("drug_classes", message("classes of the drugs on record, before or during the course"), _WORD),
    ("augmentation", message("whether an augmentation is on record"), _YES_NO),
    ("ect", message("whether electroconvulsive therapy is on record"), _YES_NO),
    ("planned_sessions", message("sessions planned"), message("sessions")),
    ("attended", message("sessions attended"), message("sessions")),
    ("missed", message("sessions cancelled late or not attended"), message("sessions")),
    ("baseline_total", message("the total the course is measured against"), _SCORE),
    ("baseline_day", message("the day of the baseline"), _DAYS),
    ("latest_total", message("the last total that counts, up to the end of a course that has ended"), _SCORE),
    ("latest_day", message("the day of the latest total"), _DAYS),
    ("change", message("latest, or end score once ended, minus baseline: negative is better"), message("points")),
    ("reliable", message("improvement, deterioration or none, by reliable_change"), _WORD),
    ("response", message("a fall of {n}% of the baseline or more", n=RESPONSE), _YES_NO),
    ("remission", message("a total below {n}", n=phq9.REMISSION_BELOW), _YES_NO),
    ("recovery", message("baseline {n} or more and now below it (PHQ-9 only)", n=phq9.CASENESS_FROM), _YES_NO),
    ("prorated", message("whether a total these rest on is prorated"), _YES_NO),
    ("reliable_change", message("the rule in force: a fall or rise of so many points is reliable"), message("points")),
    ("prorate", message("the rule in force: whether one or two missing answers are made up for"), _YES_NO),
    ("ended", message("whether the course has ended"), _YES_NO),
    ("end_day", message("the day the course ended"), _DAYS),
    ("end_reason", message("completed, dropped out, referred on, died, other"), _WORD),
    ("outcome_baseline", message("the baseline as fixed when the course ended"), _SCORE),
    ("outcome_total", message("the end score: the last total in the 28 days up to the end; empty: none"), _SCORE),
    ("outcome_day", message("the day of the end score"), _DAYS),
)
README = message(
    """\
PHQ-9 scores of people in psychotherapy for depression, without names, codes, dates or free text.

scores.csv       a row a score
courses.csv      a row a course of care
definitions.csv  what every column means, and its unit

PLEASE READ THIS BEFORE YOU PASS THE FILES ON

This is still information about real people's health. Names and dates are gone, but a person may be recognised by what
is rare together: an unusual age, ECT, a death, a long course, a therapist with few patients. A file of few people
hides nobody.

- Give it only to those the patients' consent, your ethics committee and your law allow.
- In what you publish, leave out or join groups of fewer than 10 people.
- Do not try to find out who somebody is, and do not join these files with others that could tell.
- The study numbers were made with a key. Whoever has the key and the caseload can lead a number back to a person. Keep
  it apart from these files, or do not keep it at all: then the next export has other numbers.

An empty cell: not recorded, or a rule that does not apply. It never stands for 0. Without a week 0 there are no days.
A course that has not ended says how things stood when the files were made, not how it came out.
The PHQ-9 is a questionnaire, not a diagnosis and not a measure of risk.
"""
)
