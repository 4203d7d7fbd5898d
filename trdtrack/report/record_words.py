"""Every record, history line and draft in words, whatever kinds and fields there are: nothing held is left out."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from trdtrack.domain import phq9
from trdtrack.domain.history import describe, details, title, worded
from trdtrack.domain.history_labels import NOUNS, label, named
from trdtrack.domain.message import message
from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.records import Assessment
from trdtrack.words import _, day, moment, phq9_wording, say, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trdtrack.domain.drafts import Draft
    from trdtrack.domain.full_record import FullRecord
    from trdtrack.domain.history import Line
    from trdtrack.domain.records import Record

_OWN_PLACE = frozenset({"id", "patient", "withdrawn"})
"""Fields said elsewhere: whose record it is on the cover, why it was withdrawn beside its name."""
_IN_TABLE = frozenset({"instrument", "date", "answers", "difficulty", "total", "entered"})
"""Fields of a PHQ-9 that have a column of their own; any other is told in the last."""
SHORT = 60
"""Letters up to which a detail of the history shares a line with others."""
BLANK = "\N{EN DASH}"


def record_words(record: Record, by_id: Mapping[str, Record]) -> dict[str, Any]:
    """Return a record's name, whether and why it was withdrawn, and every field that holds anything."""
    return {
        "name": say(named(record)),
        "withdrawn": withdrawn_words(record),
        "fields": [[name, value] for name, value in _fields(record, by_id, but=_OWN_PLACE)],
    }


def withdrawn_words(record: Record) -> str:
    """Return that a record was withdrawn, and why; empty for one in force."""
    why = getattr(record, "withdrawn", None)
    if not why:
        return ""
    # A dash stands where no reason was asked for.
    return _("Withdrawn") if why.strip() in {"", "-"} else say(message("Withdrawn: {why}", why=why))


def _fields(record: Record, by_id: Mapping[str, Record], *, but: frozenset[str]) -> Iterable[tuple[str, str]]:
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name in but or value is None or value in {"", ()}:
            continue
        yield capital(say(label(record.kind, field.name))), _value(value, by_id)


def _value(value: Any, by_id: Mapping[str, Record]) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, str) and value in by_id:
        return say(named(by_id[value]))
    return say(worded(value))


def capital(words: str) -> str:
    """Return words that begin a line."""
    return words[:1].upper() + words[1:]


def phq9_words(held: FullRecord, found: Iterable[Assessment], by_id: Mapping[str, Record]) -> dict[str, Any]:
    """Return the questionnaire's wording once, and each one answered as a row of its answers."""
    wording = phq9_wording()
    numbers = [str(number) for number in range(1, phq9.ITEMS + 2)]
    return {
        "stem": wording.stem,
        "items": [[number, words] for number, words in zip(numbers, (*wording.items, wording.difficulty), strict=True)],
        "answers": [
            _answers(_("Items 1 to 9"), wording.answers),
            _answers(_("Item 10"), wording.difficulty_answers),
        ],
        "blank": say(message("{sign} not answered, or not known", sign=BLANK)),
        "licence": wording.licence,
        "columns": [_("Answered"), *numbers, _("Total"), _("Typed in"), _("Belongs to, and what else is held")],
        "rows": [_answer_row(a, held, by_id) for a in found],
    }


def _answers(which: str, words: tuple[str, ...]) -> str:
    said = "; ".join(say(message("{n} {answer}", n=n, answer=answer)) for n, answer in enumerate(words))
    return say(message("{which}: {answers}.", which=which, answers=said))


def _answer_row(assessment: Assessment, held: FullRecord, by_id: Mapping[str, Record]) -> dict[str, Any]:
    answers = assessment.answers or (None,) * phq9.ITEMS
    score = assessment.score(prorate=held.rules.prorate)
    total = BLANK if score.total is None else str(score.total)
    if score.completeness is Completeness.PRORATED:
        total = say(message("{total} prorated", total=total))
    elif score.completeness is Completeness.TOTAL_ONLY:
        total = say(message("{total} total only", total=total))
    others = _fields(assessment, by_id, but=_OWN_PLACE | _IN_TABLE)
    return {
        "cells": [
            day(assessment.date),
            *(BLANK if a is None else str(a) for a in (*answers, assessment.difficulty)),
            total,
            moment(assessment.entered),
        ],
        "withdrawn": withdrawn_words(assessment),
        # A record that is referred to says itself what it is.
        "rest": [
            value if value.startswith(name) else say(message("{name}: {value}", name=name, value=value))
            for name, value in others
        ],
    }


def line_words(line: Line) -> dict[str, Any]:
    """Return a history line: when, who, what was done, to what, why, and each field before and after."""
    short: list[str] = []
    long: list[dict[str, str]] = []
    changed = line.before is not None and line.after is not None
    for what, before, after in details(line):
        old, new = shown(say(before)), shown(say(after))
        if "\n" in old + new or len(old) + len(new) > SHORT:
            long.append({"label": say(what), "old": old, "new": new})
        elif changed:
            short.append(shown(say(message("{label}: {old} -> {new}", label=what, old=old, new=new))))
        else:
            short.append(say(message("{label}: {value}", label=what, value=old or new)))
    return {
        "number": str(line.number),
        "when": moment(line.at),
        "who": line.who,
        "title": say(title(line)),
        "what": shown(say(describe(replace(line, why="")))),
        "why": line.why,
        "short": " \u00b7 ".join(short),
        "long": long,
    }


def draft_words(draft: Draft) -> dict[str, Any]:
    """Return what was typed and not saved: by field, as the form calls them, or as the text it is."""
    kept: Any = None
    with suppress(ValueError):
        kept = json.loads(draft.text)
    typed: Any = {_("text"): draft.text}
    if isinstance(kept, dict):
        typed = cast("dict[str, Any]", kept).get("fields", kept)
    about = draft.form.partition(":")[0]
    return {
        "name": say(NOUNS[about]) if about in NOUNS else capital(about),
        "when": moment(draft.at),
        "fields": [
            [name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)]
            for name, value in cast("dict[str, Any]", typed).items()
            if value not in (None, "")
        ],
    }


def kinds_of(held: FullRecord) -> list[tuple[str, list[Record]]]:
    """Return the records by kind, in the order in which they are held."""
    found: dict[str, list[Record]] = {}
    for record in held.records:
        found.setdefault(record.kind, []).append(record)
    return list(found.items())


def kind_heading(kind: str, count: int) -> str:
    """Return what a kind is called, and how many there are."""
    return say(message("{kind} ({n})", kind=NOUNS[kind], n=count))
