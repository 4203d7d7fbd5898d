"""The invented people of the demo caseload: what is known of each, as plain facts counted from week 0."""

from __future__ import annotations

from dataclasses import dataclass

from trdtrack.domain.records import (
    DrugClass,
    EventKind,
    Format,
    Known,
    Laterality,
    Modality,
    Presentation,
    Role,
    Severity,
    TrialOutcome,
)


@dataclass(frozen=True)
class Given:
    """A treatment given from so many weeks before week 0 to so many (None: still taken)."""

    drug: str
    drug_class: DrugClass
    dose: str
    begun: int
    ended: int | None = None
    outcome: TrialOutcome = TrialOutcome.NO_RESPONSE
    role: Role = Role.ANTIDEPRESSANT
    adequate: Known = Known.YES
    laterality: Laterality = Laterality.UNKNOWN


@dataclass(frozen=True)
class Looked:
    """A look at the risk at the session of one week."""

    week: int
    asked: str
    found: str
    plan: str
    told: str
    again_days: int | None = None


@dataclass(frozen=True)
class Story:
    """One invented course: its totals week by week (None: no PHQ-9 that week), and what else is known."""

    code: str
    name: str
    born: int
    modality: Modality
    medication: str
    totals: tuple[int | None, ...]
    days: int = 7
    """Between sessions."""
    age_days: int = 2
    """How long ago the last of them was."""
    item9: int = 0
    planned: int | None = 12
    presentation: tuple[Presentation, ...] = (Presentation.RECURRENT,)
    gaps: tuple[int, ...] = ()
    """Weeks with one item left blank."""
    total_only: tuple[int, ...] = ()
    missed: tuple[int, ...] = ()
    """Weeks after which a session was missed."""
    ended: bool = False
    format: Format = Format.INDIVIDUAL
    therapist: str = "Dr Example"
    goals: str = ""
    episode_months: int | None = None
    """How long the episode had lasted at week 0."""
    severity: Severity = Severity.NOT_RECORDED
    treatments: tuple[Given, ...] = ()
    events: tuple[tuple[int, EventKind, str], ...] = ()
    """Week, kind, words."""
    looked: tuple[Looked, ...] = ()
    phases: tuple[tuple[int, str], ...] = ()
    """From which week on the therapy is in which phase."""
    tasks: tuple[str, ...] = ()
    next_days: int | None = None
    """Days after the last session to the next appointment."""
    next_time: str = "10:00"
    unfinished: bool = False
    """Whether the last session's note is still to be written."""
    since_end: tuple[tuple[int, int], ...] = ()
    """Days after the end, total."""
    in_course: bool = True


_SSRI, _SNRI, _NONE = DrugClass.SSRI, DrugClass.SNRI, DrugClass.NOT_RECORDED
_CHRONIC = (Presentation.CHRONIC,)
_BOTH = (Presentation.RECURRENT, Presentation.CHRONIC)
STORIES = (
    Story(
        "DEMO-003",
        "L. B.",
        1984,
        Modality.CBT,
        "sertraline 150 mg",
        (19, 18, 19, 17, 16, 15, 15, 14, None, 13, 13, 12),
        item9=1,
        presentation=_BOTH,
        gaps=(5,),
        missed=(8,),
        goals="Get up when the alarm rings. See my sister again without a quarrel.",
        episode_months=20,
        severity=Severity.MODERATE,
        treatments=(
            Given("citalopram", _SSRI, "40 mg", 78, 60),
            Given("venlafaxine", _SNRI, "225 mg", 58, 34, TrialOutcome.PARTIAL),
            Given("sertraline", _SSRI, "150 mg", 30, None, TrialOutcome.PARTIAL),
            Given("lithium", _NONE, "600 mg", -5, None, role=Role.AUGMENTATION, outcome=TrialOutcome.NOT_RECORDED),
        ),
        events=(
            (3, EventKind.LIFE, "Sister moved in for a fortnight"),
            (5, EventKind.MEDICATION, "Lithium added by the psychiatrist"),
        ),
        looked=(
            Looked(
                0,
                "Thoughts of being dead, plans, means, what keeps her here",
                "Passive thoughts in the mornings; no plan; the children and the choir keep her here",
                "Goes over it at every session; numbers on the card in her purse",
                "GP, by telephone",
                84,
            ),
        ),
        phases=((0, "Activation"), (4, "Thought records"), (9, "Relapse prevention")),
        tasks=("Diary, two lines an evening", "Two walks with the neighbour", "Thought record, once a day"),
        next_days=7,
    ),
    Story(
        "DEMO-007",
        "K. M.",
        1971,
        Modality.CBASP,
        "venlafaxine 225 mg, lithium",
        (18, 19, 18, 20, 21, 22, 24),
        item9=2,
        presentation=_CHRONIC,
        planned=24,
        episode_months=52,
        severity=Severity.SEVERE,
        treatments=(
            Given("paroxetine", _SSRI, "40 mg", 200, 180),
            Given("amitriptyline", DrugClass.TRICYCLIC, "150 mg", 170, 140),
            Given("ECT, 10 sessions", _NONE, "", 120, 116, role=Role.ECT, laterality=Laterality.UNILATERAL),
            Given("venlafaxine", _SNRI, "225 mg", 100, None),
            Given("lithium", _NONE, "900 mg", 60, None, role=Role.AUGMENTATION, outcome=TrialOutcome.NOT_RECORDED),
        ),
        events=((4, EventKind.ADMISSION, "Two nights on the ward"),),
        phases=((0, "Situational analysis"),),
        unfinished=True,
        next_days=2,
        next_time="14:00",
    ),
    Story(
        "DEMO-011",
        "Anneliese Hohenstein-Wartenberg",
        1958,
        Modality.MBCT,
        "mirtazapine 30 mg",
        (17, 17, 16, 17, 18, 16, 17, 17, 16, 17, 16, 17, 17, 16),
        days=7,
    ),
    Story(
        "DEMO-014",
        "R. O.",
        1990,
        Modality.IPT,
        "escitalopram 20 mg",
        (22, 19, 15, 12, 9, 8, 6),
        planned=16,
        episode_months=9,
        severity=Severity.MODERATE,
        treatments=(
            Given("mirtazapine", DrugClass.OTHER, "15 mg", 40, 37, TrialOutcome.NOT_TOLERATED, adequate=Known.NO),
            Given("escitalopram", _SSRI, "20 mg", 30, None, TrialOutcome.PARTIAL),
        ),
        events=((2, EventKind.LIFE, "New post in the library"),),
        next_days=14,
    ),
    Story(
        "DEMO-018",
        "",
        1966,
        Modality.PSYCHODYNAMIC,
        "duloxetine 60 mg",
        (20, 21, 20, 21, 20, 21, 20, 19, 20, 20, 19),
        days=14,
        planned=None,
        presentation=_CHRONIC,
    ),
    Story(
        "DEMO-021",
        "T. A.",
        2001,
        Modality.BA,
        "fluoxetine 40 mg",
        (15, 14),
        item9=0,
        next_days=2,
        next_time="09:15",
    ),
    Story("DEMO-025", "M. S.", 1979, Modality.CBT, "bupropion 300 mg", (18, 16, 17, 15, 14), age_days=43),
    Story(
        "DEMO-030",
        "J. v. d. B.",
        1949,
        Modality.CBT,
        "amitriptyline 100 mg",
        (21, 20, 18, 17, 15, 14, 12, 11, 10, 9, 8, 7),
        ended=True,
        age_days=60,
        episode_months=30,
        severity=Severity.SEVERE,
        treatments=(
            Given("fluoxetine", _SSRI, "60 mg", 110, 90),
            Given("amitriptyline", DrugClass.TRICYCLIC, "100 mg", 80, None, TrialOutcome.PARTIAL),
        ),
        phases=((0, "Activation"), (6, "Relapse prevention")),
        since_end=((31, 14),),
    ),
    Story("DEMO-033", "S. N.", 1995, Modality.DBT, "paroxetine 40 mg", (8, 9, 7, 8, 6, 7)),
    Story(
        "DEMO-036", "", 1982, Modality.MBCT, "citalopram 40 mg", (16, 15, 16, 14, 13, 14), total_only=(0,), gaps=(3,)
    ),
    Story(
        "DEMO-038",
        "E. W.",
        1988,
        Modality.NOT_RECORDED,
        "",
        (),
        in_course=False,
        episode_months=16,
        severity=Severity.MODERATE,
        treatments=(
            Given("sertraline", _SSRI, "200 mg", 60, 44),
            Given("duloxetine", _SNRI, "90 mg", 40, None),
        ),
    ),
    Story("DEMO-040", "P. D.", 1974, Modality.CBT, "sertraline 200 mg, quetiapine 150 mg", ()),
)
NOTES = (
    "Went through the week. Activity diary kept on four days.",
    "Sleep a little better; rumination in the mornings. Planned two short walks.",
    "Worked on the argument with the sister: what was said, what was wanted.",
    "Low after the weekend. Looked at what had helped in March.",
    "Reviewed the first half of the course together with the chart.",
    "Practised the breathing space; to be used before work.",
)
