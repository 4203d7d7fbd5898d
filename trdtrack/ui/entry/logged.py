"""What the log form is about, and the edit that comes of what was typed. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.handover import Handed
    from trdtrack.domain.records import Assessment, Course, Record, Session

SCORE_ONLY = "score only"
"""Why a session is withdrawn when its entry is corrected to a score without one."""


@dataclass(frozen=True)
class Entry:
    """What the form is about: a course, and the session and assessment being corrected, if any."""

    code: str
    course: Course
    number: int
    """The number this session has, or will have if attended."""
    session: Session | None = None
    assessment: Assessment | None = None
    handed: Handed | None = None
    """Answers the patient gave on this screen, which saving confirms."""

    @property
    def correcting(self) -> bool:
        """Whether something already written down is being corrected."""
        return self.session is not None or self.assessment is not None

    @property
    def following_up(self) -> bool:
        """Whether the course has ended, so that what is logged is a look back at it."""
        return self.course.end is not None

    def edit(
        self, session: Session | None, assessment: Assessment | None, *, risk: Sequence[Record] = (), why: str = ""
    ) -> Edit:
        """Return the edit that writes down this session, this assessment and what was written about risk.

        Refuses when nothing is new.
        """
        if session is None and assessment is None:
            raise Refusal(message("There is nothing to save yet: type the answers, or choose a session."))
        if assessment:
            assessment = replace(assessment, session=session.id if session else None)
        pairs: list[tuple[Record | None, Record | None]] = [
            (self.session, session or _withdrawn(self.session)),
            (self.assessment, assessment),
            *((None, record) for record in risk),
        ]
        steps = tuple(Step(before, after) for before, after in pairs if before != after)
        if not steps:
            raise Refusal(message("Nothing was changed."))
        return Edit(self._title(session), steps, why=why)

    def _title(self, session: Session | None) -> Message:
        if not self.correcting and self.following_up:
            return message("Log follow-up")
        if not self.correcting:
            return message("Log session") if session else message("Log PHQ-9")
        return message("Correct PHQ-9") if self.session is None else message("Correct session")


def _withdrawn(session: Session | None) -> Session | None:
    """Return the session that was no session, kept and out of force: nothing is deleted by a correction."""
    return replace(session, withdrawn=SCORE_ONLY) if session else None
