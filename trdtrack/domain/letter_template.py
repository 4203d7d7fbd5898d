"""The template of a letter: its placeholders, the program's own text, and what no template may hold."""

from __future__ import annotations

import re

from trdtrack.domain.message import message
from trdtrack.domain.record_checks import check_texts, refuse

PLACEHOLDERS = {
    "patient": message("the patient's name"),
    "code": message("your code of the patient"),
    "born": message("date of birth"),
    "today": message("the letter's date"),
    "recipient": message("first line of the address"),
    "therapist": message("the course's therapist"),
    "therapy": message("kind of therapy"),
    "week_zero": message("the day the course began"),
    "course": message("kind of therapy, since when, which week, or how it ended"),
    "sessions": message("sessions attended, planned and missed"),
    "baseline": message("PHQ-9 at the start, with its day and severity"),
    "latest": message("latest PHQ-9, with its day and severity"),
    "change": message("a sentence: the change, and whether it is reliable"),
    "enough": message("a sentence: whether the change is enough"),
    "sentence": message("the sentence at the head of the patient's page"),
    "medication": message("current medication"),
    "resistance": message("whether the criterion of treatment resistance is met, and why"),
    "risk": message("the risk reviews; its paragraph goes whole where they are left out"),
    "plan": message("a sentence: sessions still planned, or that the course has ended"),
    "next": message("next appointment, review or follow-up"),
    "caveat": message("what the figures cannot say: a sentence or two"),
}
"""What each placeholder stands for; in a template it is written in curly brackets."""
DEFAULT_PARAGRAPHS = (
    message("Dear {recipient},"),
    message(
        "I am the therapist of {patient} and am writing to tell you where treatment stands: {course}. Sessions: "
        "{sessions}."
    ),
    message(
        "We follow the depression with the PHQ-9 (0 to 27, lower is better). At the start the score was {baseline}; "
        "the latest is {latest}. {change} {enough}"
    ),
    message("{caveat}"),
    message(
        "Medication as known to us: {medication}. Please tell us if this is not right, and of any change to it. "
        "Treatment resistance, by the trials recorded here: {resistance}."
    ),
    message("{risk}"),
    message("{plan} Next: {next}. Please get in touch if anything worries you."),
    message("Yours sincerely,"),
    message(""),
    message("{therapist}"),
)
DEFAULT_LETTER = "\n\n".join(paragraph.text for paragraph in DEFAULT_PARAGRAPHS)
"""The program's own letter, for a clinic that has written none."""
_PLACED = re.compile(r"\{([^{}]*)\}")


def check_template(field: str, template: str) -> None:
    """Refuse a template with a placeholder nobody knows, naming it, or with a bracket that stands alone."""
    check_texts(**{field: template})
    for name in _PLACED.findall(template):
        if name not in PLACEHOLDERS:
            named = f"{{{name}}}"
            refuse(field, message("{name} is no placeholder: the list beside it has all there are.", name=named))
    if set("{}") & set(_PLACED.sub("", template)):
        example = "{patient}"
        refuse(field, message("A curly bracket stands alone: a placeholder is written {example}.", example=example))


def paragraphs(template: str, *, without: str = "") -> list[str]:
    """Return a template's paragraphs, those that hold the placeholder `without` left out."""
    found = (template if template.strip() else DEFAULT_LETTER).strip("\n").split("\n\n")
    return [text for text in found if not without or f"{{{without}}}" not in text]
