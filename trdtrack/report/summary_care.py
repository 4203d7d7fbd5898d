"""The patient summary's medication, resistance and risk in words, each shortened to the room there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trdtrack.domain.medication import current_medication, drug_words
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.records import Role
from trdtrack.domain.resistance import LOOSER_RULES, MET_WORDS, VERDICT_WORDS, criterion_of
from trdtrack.domain.risk import risk_state, risk_words
from trdtrack.domain.staging import maudsley
from trdtrack.domain.thase_rush import thase_rush
from trdtrack.report.sheet import cut
from trdtrack.words import _, day, month, say

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.records import RiskRecord, RiskReview, Treatment
    from trdtrack.domain.summary import Summary

LONGEST_TREATMENT = 40
"""Characters of a treatment that fit its column."""


def medication(summary: Summary, *, most: int, longest: int) -> dict[str, Any]:
    """Return what is taken now, the latest `most` treatments with what each counts for, and how resistance stands.

    Texts are cut to `longest` characters; the program has the rest.
    """
    dossier = summary.dossier
    found = criterion_of(dossier, summary.rules)
    left_out = max(len(found.trials) - most, 0)
    taken = cut(current_medication(dossier, summary.course), longest)
    return {
        "heading": _("Medication and treatment resistance"),
        "now": [_("Medication now"), taken or _("not recorded")],
        "columns": [_("Treatment"), _("Taken"), _("Weeks"), _("Outcome"), _("Criterion")],
        "rows": [
            [
                cut(_what(t), LONGEST_TREATMENT),
                _taken(t),
                "" if t.weeks is None else str(t.weeks),
                say(t.outcome.words) if t.outcome else _("not recorded"),
                say(VERDICT_WORDS[verdict]),
            ]
            for t, verdict, _why in found.trials[left_out:]
        ],
        "left_out": _left_out(
            plural("{n} earlier treatment is left out here.", "{n} earlier treatments are left out here.", left_out)
        ),
        "notes": [[name, cut(say(words), longest)] for name, words in _resistance(summary)],
        "looser": say(LOOSER_RULES) if found.trials else "",
    }


def _left_out(words: Message) -> str:
    return say(words) if words.n else ""


def _resistance(summary: Summary) -> list[tuple[str, Message]]:
    """Return the criterion of treatment resistance with its reason, and both stagings where there is one to name."""
    dossier = summary.dossier
    found = criterion_of(dossier, summary.rules)
    if not found.trials:
        return [(_("Treatment resistance"), message("No antidepressant trial is recorded."))]
    met = message("Criterion {met}: {why}.", met=MET_WORDS[found.met], why=found.why)
    rows = [(_("Treatment resistance"), met)]
    if found.counted:
        score = maudsley(found, dossier.treatments, episode=dossier.episode, on=summary.today)
        rush = thase_rush(found, dossier.treatments, episode=dossier.episode)
        rows.append((_("Maudsley Staging Method"), message("{why}.", why=score.why)))
        rows.append((_("Thase-Rush"), message("{why}.", why=rush.why)))
    return rows


def _what(treatment: Treatment) -> str:
    if treatment.role is Role.ECT and treatment.laterality:
        return say(message("ECT, {laterality}", laterality=treatment.laterality.words))
    if treatment.role is Role.AUGMENTATION:
        return say(message("+ {drug}", drug=drug_words(treatment)))
    return drug_words(treatment)


def _taken(treatment: Treatment) -> str:
    """Return from when to when, by month: that is as exact as most people know."""
    start, end = _month(treatment.start), _month(treatment.end)
    if treatment.still_taken:
        return say(message("since {start}", start=start)) if start else _("now")
    if not start and not end:
        return _("not recorded")
    return say(message("{start} \u2013 {end}", start=start or "?", end=end or "?"))


def _month(when: date | None) -> str:
    return month(when, year=True) if when else ""


def risk(summary: Summary, *, most: int, longest: int, names: bool) -> dict[str, Any]:
    """Return item 9 and the risk records, the latest `most` looks, each text cut to `longest` characters."""
    dossier = summary.dossier
    order = sorted(dossier.risks, key=lambda r: (r.closed is None, r.opened, r.entered), reverse=True)
    records: list[dict[str, Any]] = []
    room = most
    for record in order[:most]:
        looks = [r for r in reversed(dossier.reviews) if r.risk == record.id]
        shown = looks[:room]
        room -= len(shown)
        records.append(
            {
                "lead": _lead(record, dossier, longest=longest, names=names, looked=bool(looks)),
                "looks": [_look(look, longest=longest, names=names) for look in shown],
            }
        )
    left_records = len(order) - len(records)
    left_looks = len(dossier.reviews) - sum(len(record["looks"]) for record in records)
    return {
        "heading": _("Item 9 and risk reviews"),
        "item9": _item9(summary),
        "state": [_("Now"), say(message("{state}.", state=risk_words(risk_state(dossier, today=summary.today))))],
        "records": records,
        "none": "" if order else _("No record of risk has been opened."),
        "more": left_records + left_looks > 0,
        "left_out": " ".join(
            part
            for part in (
                _left_out(
                    plural("{n} risk record is left out here.", "{n} risk records are left out here.", left_records)
                ),
                _left_out(
                    plural("{n} risk review is left out here.", "{n} risk reviews are left out here.", left_looks)
                ),
                "" if names or not order else _("What was asked, found, planned and told is left out here."),
            )
            if part
        ),
    }


def _lead(record: RiskRecord, dossier: Dossier, *, longest: int, names: bool, looked: bool) -> str:
    """Say when and by what a record was opened, and whether it is closed."""
    score = next((a for a in dossier.assessments if a.id == record.assessment), None)
    why = message("opened by hand") if record.assessment is None else message("opened by a PHQ-9")
    if score and score.answers and score.answers[-1] is not None:
        why = message("opened by item 9 answered {n}", n=score.answers[-1])
    if record.closed is None:
        still_open = message("Open since {day}, {why}", day=record.opened, why=why)
        return say(still_open if looked else message("{open}, not yet reviewed", open=still_open))
    closed = message("Closed {closed}, {why} on {day}", closed=record.closed, why=why, day=record.opened)
    return say(message("{closed}: {note}", closed=closed, note=cut(record.closing_note, longest)) if names else closed)


def _look(look: RiskReview, *, longest: int, names: bool) -> dict[str, Any]:
    """Return one look at the risk: its day, and what was asked, found, planned and told."""
    reviewed = message("Reviewed {day}", day=look.date)
    if look.item9 is not None:
        reviewed = message("{reviewed}, item 9 answered {n}", reviewed=reviewed, n=look.item9)
    texts = (
        (_("Asked"), look.asked),
        (_("Found"), look.found),
        (_("Plan"), look.plan),
        (_("Told"), look.told),
    )
    parts = [[name, cut(text, longest)] for name, text in texts if names and text.strip()]
    if look.again:
        parts.append([_("Look again"), day(look.again)])
    return {"day": say(reviewed), "parts": parts}


def _item9(summary: Summary) -> str:
    known = [p for p in summary.points if isinstance(p.item9, int)]
    if not known:
        return _("No answer to item 9 is recorded.")
    last = known[-1]
    highest = max(known, key=lambda p: (p.item9, p.date))
    text = say(
        message(
            "Latest answer {last} ({last_day}); highest {highest} ({highest_day}); "
            "answered in {known} of {all} questionnaires.",
            last=last.item9,
            last_day=last.date,
            highest=highest.item9,
            highest_day=highest.date,
            known=len(known),
            all=len(summary.points),
        )
    )
    return text + " " + _("An answer of 0 is an answer to this one question; it does not replace asking.")
