"""What is known of the depressive episode, its drugs and ECT: what the criterion of resistance rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from trdtrack.domain.message import Worded, message
from trdtrack.domain.people import Known
from trdtrack.domain.record_checks import check_moment, check_order, check_texts, check_whole, new_id, refuse


class Severity(Worded):
    """How severe the episode is, as the clinician rates it: never taken from the PHQ-9."""

    NOT_RECORDED = ""
    SUBSYNDROMAL = "subsyndromal"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class Role(Worded):
    """What a treatment is given as."""

    ANTIDEPRESSANT = "antidepressant"
    AUGMENTATION = "augmentation"
    ECT = "ECT"
    OTHER = "other"


class DrugClass(Worded):
    """Class of an antidepressant; the Thase-Rush stages tell tricyclics and MAOIs from the rest."""

    NOT_RECORDED = ""
    SSRI = "SSRI"
    SNRI = "SNRI"
    TRICYCLIC = "tricyclic"
    MAOI = "MAOI"
    OTHER = "other"


class TrialOutcome(Worded):
    """What a treatment did, as the clinician judges it."""

    NOT_RECORDED = ""
    NO_RESPONSE = "no response"
    PARTIAL = "partial response"
    RESPONSE = "response"
    NOT_TOLERATED = "not tolerated"


class Laterality(Worded):
    """Where the electrodes were in ECT; empty where nobody knows."""

    UNKNOWN = ""
    BILATERAL = "bilateral"
    UNILATERAL = "unilateral"


class EventKind(Worded):
    """What kind of event it was."""

    LIFE = "life event"
    MEDICATION = "medication change"
    ADMISSION = "admission"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Episode:
    """A depressive episode. The current one is the last in order of start."""

    kind: ClassVar[str] = "episode"

    id: str = field(default_factory=new_id)
    patient: str
    start: date | None = None
    psychotic: Known = Known.NOT_RECORDED
    severity: Severity = Severity.NOT_RECORDED
    entered: datetime
    withdrawn: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "psychotic", Known(self.psychotic))
        object.__setattr__(self, "severity", Severity(self.severity))
        check_moment(self.entered)


@dataclass(frozen=True, kw_only=True)
class Treatment:
    """An antidepressant trial, an augmentation, a series of ECT, or another drug.

    No dose table stands behind it: whether a dose was adequate is the clinician's judgement.
    """

    kind: ClassVar[str] = "treatment"

    id: str = field(default_factory=new_id)
    patient: str
    role: Role = Role.ANTIDEPRESSANT
    drug: str = field(default="", repr=False)
    """Blank for ECT."""
    drug_class: DrugClass = DrugClass.NOT_RECORDED
    dose: str = field(default="", repr=False)
    """Highest dose reached, with its unit."""
    start: date | None = None
    end: date | None = None
    still_taken: bool = False
    adequate: Known = Known.NOT_RECORDED
    """Whether the dose was adequate."""
    weeks: int | None = None
    """Weeks at an adequate dose."""
    adherence: Known = Known.NOT_RECORDED
    outcome: TrialOutcome = TrialOutcome.NOT_RECORDED
    in_episode: Known = Known.NOT_RECORDED
    """Whether it was taken in the current episode; where not recorded the dates decide."""
    laterality: Laterality = Laterality.UNKNOWN
    note: str = field(default="", repr=False)
    withdrawn: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name, kind in (
            ("role", Role),
            ("drug_class", DrugClass),
            ("adequate", Known),
            ("adherence", Known),
            ("outcome", TrialOutcome),
            ("in_episode", Known),
            ("laterality", Laterality),
        ):
            object.__setattr__(self, name, kind(getattr(self, name)))
        object.__setattr__(self, "drug", " ".join(self.drug.split()))
        check_texts(drug=self.drug, dose=self.dose, note=self.note)
        if self.role is not Role.ECT and not self.drug:
            refuse("drug", message("A treatment needs the name of the drug."))
        check_order("end", self.start, self.end, message("A treatment cannot end before it begins."))
        if self.still_taken and self.end:
            refuse("end", message("A treatment that is still taken has no end yet."))
        check_whole("weeks", self.weeks, 2600, message("Weeks are a whole number from 0 to 2,600."), least=0)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened on a day and belongs beside the scores."""

    kind: ClassVar[str] = "event"

    id: str = field(default_factory=new_id)
    patient: str
    date: date
    what: EventKind = EventKind.LIFE
    text: str = field(default="", repr=False)
    entered: datetime
    withdrawn: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "what", EventKind(self.what))
        check_texts(text=self.text)
        check_moment(self.entered)
        if not self.text.strip():
            refuse("text", message("Say in a few words what happened."))
