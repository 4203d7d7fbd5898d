"""What the therapist has asked the chart to show: one value, kept from course to course."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class View:
    """The options of the chart. `patient` is the calm version, fit to be turned towards the patient."""

    ahead: bool = False
    """Where this patient is heading."""
    ahead_for_patient: bool = False
    """The same in the patient view, where it is off until the therapist asks for it there."""
    withdrawn: bool = False
    """Withdrawn scores, as crosses: never in the patient view, never on paper."""
    by_session: bool = False
    """One step a session attended, in place of days."""
    corridor: bool = True
    """How far from the baseline a score may lie by chance."""
    patient: bool = False

    @property
    def forecast(self) -> bool:
        """Whether the forecast is asked for, in the view in force."""
        return self.ahead_for_patient if self.patient else self.ahead

    @property
    def crosses(self) -> bool:
        """Whether withdrawn scores are drawn, in the view in force."""
        return self.withdrawn and not self.patient

    def with_forecast(self, *, on: bool) -> View:
        """Ask for the forecast, or stop, in the view in force."""
        return replace(self, ahead_for_patient=on) if self.patient else replace(self, ahead=on)

    def turned(self, *, to_patient: bool) -> View:
        """Turn to the patient or back: what was shown ahead to one patient is not shown to the next."""
        return replace(self, patient=to_patient, ahead_for_patient=False)

    @property
    def printed(self) -> View:
        """The same on paper and in every export: without withdrawn scores."""
        return replace(self, withdrawn=False)


EVERYDAY = View()
"""What a chart shows until it is asked for something else."""
