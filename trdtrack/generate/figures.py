"""The figures synthetic scores are drawn from, and where each comes from.

Most were computed once from the example data of the R package `suddengains` (commit e964e74, MIT licence, Copyright
(c) 2021 suddengains authors): 43 patients, an intake score, 12 sessions and two follow-ups, BDI scaled to 0-27 as
round(BDI x 27 / 63). Those people got better faster than most with treatment-resistant depression do; the figures are
kept as they are all the same, so that they can be checked.

- intake: mean 15.0, SD 2.7, lowest 11, highest 24 (n = 41)
- drift from intake to session 12, a straight line a patient: mean -0.84 points a session; SD between patients 0.43,
  0.41 without the error of the lines (n = 40); -0.11 for each point above the mean intake (correlation -0.78)
- spread within a patient: SD 1.7 points about that line
- level from session 11 on: session 11 mean 5.5, session 12 5.8, follow-ups 5.5 and 5.2
- gaps: 14% of the scores of sessions 1-12 are missing (71 of 516): 7% of those after a score (31 of 445), 56% of
  those after a gap (40 of 71); intake 5% (2 of 43); follow-ups 10% (9 of 86)
- 2 of 43 left early (5%): nothing after the second session
- 12 sessions a course

The data do not say whether a missing score was a missed appointment or a session without a questionnaire: half of
each is assumed. Everything else (further courses, item 9, drugs, who is in which week) is our own choice, made so that
a patient has 20 scores on average.
"""

from __future__ import annotations

INTAKE_MEAN, INTAKE_SD = 15.0, 2.7
INTAKE_LEAST, INTAKE_MOST = 11, 24
DRIFT_MEAN = -0.84
DRIFT_PER_POINT = -0.11
DRIFT_SD = 0.26
"""What is left of 0.41 once the intake is known: 0.41 x sqrt(1 - 0.78^2)."""
WITHIN_SD = 1.7
SESSIONS = 12
LEVEL_FROM = 11
GAP_FIRST, GAP_AGAIN = 0.07, 0.56
"""Chance of a gap after a score, and after a gap: together about 13% of all."""
GAP_INTAKE = 0.05
GAP_FOLLOW_UP = 0.10
LEFT_EARLY = 0.05
MISSED = 0.5
"""Share of gaps that are missed appointments."""

# Our own choices from here on.
BLANK_ITEM = 0.03
TOTAL_ONLY = 0.02
THINKS_OF_DEATH = 0.35
"""Share of people who answer item 9 with 1 or more while they are unwell."""
EARLIER_COURSES = (0, 0, 0, 1, 1, 2)
"""Courses before the last one, each as likely."""
IN_COURSE = 0.55
NOT_SEEN = 0.08
"""Share of open courses whose last session is weeks ago."""
EXTENDED = 0.2
DIED = 0.004
