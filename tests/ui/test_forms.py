"""What every form does alike: drafts, refusals beside the input, the Tab key, and text kept to the letter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.ui.entry.choosing import Check, Choice, Ticks
from trdtrack.ui.entry.form import PAUSE_MS
from trdtrack.ui.entry.pick import Pick
from trdtrack.ui.entry.sheet_slot import SheetSlot
from trdtrack.ui.entry.slots import Line, Slot, Text, Whole
from ui import formed
from ui.formed import FORMS, put, refused, saved, shown, told
from ui.hands import focus, settle
from ui.test_look import clipped, outside

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from trdtrack.ui.entry.form import Form

every = pytest.mark.parametrize("make", FORMS.values(), ids=FORMS.keys())


def with_item_9() -> Form:
    """The log form with all it ever shows: item 9 to be answered, and what to ask unfolded."""
    form = formed.log()
    for line, digit in zip(form.answers, "233213202", strict=False):
        line.setText(digit)
    form.risk.prompt.unfold.click()
    return form


NASTY = {
    "emoji": "👩🏽‍🚀 🙂 e\u0301",
    "right to left": "\u202bليلى بن عمر\u202c, שלום",
    "quotes and SQL": 'Robert\'); DROP TABLE patient;-- "x" `y` {z} %s \\ &amp; <b>',
    "no-break space": "a\u00a0b \u2009 tab\tend",
}
LONG = "Zeile ünd 山田 " * 10_000


def other(slot: Slot[Any]) -> Any:
    """Another raw state than the slot has now."""
    raw = slot.raw()
    match slot:
        case Check():
            return not raw
        case Choice():
            values = [None if value is None else str(value) for value in slot._values]
            return values[(values.index(raw) + 1) % len(values)]
        case Ticks():
            return [str(value) for value in slot.boxes if str(value) not in raw]
        case Pick():
            return ["", slot.found.item(0).data(Qt.ItemDataRole.UserRole)]
        case SheetSlot():
            return [*"1023102", "", "1", "3", "17"]
        case Whole():
            return f"{raw}7"
        case _:
            return f"{raw} – “Zoë” 🙂"


def type_all(form: Form) -> dict[str, Any]:
    """Change every slot; return what then stands in them."""
    for slot in form.slots.values():
        slot.put(other(slot))
    return form.state()


# Drafts


@every
def test_a_draft_of_every_input_is_put_back(make: Callable[[], Form], qtbot: QtBot) -> None:
    first, second = shown(make(), qtbot), shown(make(), qtbot)
    before = first.state()
    typed = type_all(first)
    assert [
        key for key in typed if typed[key] == before[key] and len(getattr(first.slots[key], "_values", "xx")) > 1
    ] == []
    assert first.changed
    assert not second.changed
    second.restore(first.draft())
    assert second.state() == typed
    assert second.changed
    assert "Restored: typed 20 Nov 2026 09:30, not saved yet." in [t.text() for t in second.findChildren(QLabel)]
    assert second.restored.isVisible()
    with qtbot.waitSignal(second.dropped):
        QTest.mouseClick(second.restored.anew, Qt.MouseButton.LeftButton)
    assert second.state() == before
    assert not second.changed
    assert not second.restored.isVisible()


@every
def test_a_draft_that_fits_badly_is_taken_as_far_as_it_fits(make: Callable[[], Form], qtbot: QtBot) -> None:
    form = shown(make(), qtbot)
    before = form.state()
    nonsense: list[Any] = [None, 7, {"a": 1}, [1, 2, 3], [[]], 0.5]
    drafts = ["", "{", "[]", "null", '{"fields": 3}', '{"fields": {"gone": "x"}}']
    drafts += [json.dumps({"at": "soon", "fields": dict.fromkeys(before, raw)}) for raw in nonsense]
    for draft in drafts:
        form.restore(draft)
        kept = {key: raw for key, raw in form.state().items() if not isinstance(form.slots[key], Choice | Ticks)}
        assert kept == {key: before[key] for key in kept}, draft
        form.start_anew()
    assert form.state() == before


def test_a_draft_says_when_it_was_typed(qtbot: QtBot) -> None:
    form = shown(formed.log(), qtbot)
    put(form, note="x")
    kept = json.loads(form.draft())
    kept["at"] = "2026-11-18T22:05:00+00:00"
    other_one = shown(formed.log(), qtbot)
    other_one.restore(json.dumps(kept))
    assert any("typed 18 Nov 2026 22:05" in label.text() for label in other_one.findChildren(QLabel))


def test_a_pause_in_typing_asks_for_a_draft_and_only_a_pause(qtbot: QtBot) -> None:
    form = shown(formed.FORMS["event"](), qtbot)
    with qtbot.assertNotEmitted(form.typed, wait=PAUSE_MS // 2):
        QTest.keyClicks(form.slots["text"].widget, "a")
    with qtbot.waitSignal(form.typed, timeout=10 * PAUSE_MS):
        QTest.keyClicks(form.slots["text"].widget, "b")
    with qtbot.assertNotEmitted(form.typed, wait=2 * PAUSE_MS):
        settle()
    with qtbot.waitSignal(form.dropped, timeout=10 * PAUSE_MS):
        form.slots["text"].widget.setPlainText("moved house")


def test_a_confirmation_is_never_kept(qtbot: QtBot) -> None:
    form = shown(FORMS["erase"](), qtbot)
    assert form.form_key == ""
    with qtbot.assertNotEmitted(form.typed, wait=2 * PAUSE_MS):
        put(form, code="A-0")


def test_every_form_has_a_key_of_its_own() -> None:
    keys = {name: make().form_key for name, make in FORMS.items()}
    assert keys["log"] == "log:c1"
    assert keys["correct"] == "correct:s1"
    assert keys["new patient"] == "patient:new"
    assert keys["patient"] == "patient:p1"
    assert keys["new treatment"] == "treatment:new:p1"
    assert len(set(keys.values())) == len(keys)


# The keyboard, and what can be seen


@every
def test_tab_goes_through_every_input_and_ends_on_save(make: Callable[[], Form], qtbot: QtBot) -> None:
    form = shown(make(), qtbot)
    expected = [w for w in (*form.stops(), form.cancel_button, form.save_button) if w.isVisible() and w.isEnabled()]
    form.stops()[0].setFocus()
    reached = []
    for _stop in expected:
        reached.append(focus())
        QTest.keyClick(form.windowHandle(), Qt.Key.Key_Tab)
    assert [w.accessibleName() or w.property("text") for w in reached] == [
        w.accessibleName() or w.property("text") for w in expected
    ]
    assert reached == expected


@pytest.mark.parametrize("make", [*FORMS.values(), with_item_9], ids=[*FORMS, "item 9"])
@pytest.mark.parametrize("size", [(850, 650), (1100, 770)], ids=["small", "usual"])
def test_nothing_is_clipped(make: Callable[[], Form], size: tuple[int, int], qtbot: QtBot) -> None:
    form = shown(make(), qtbot, size)
    for _state in ("as it opens", "refused"):
        assert clipped(form) == []
        assert outside(form) == []
        form.save()
        settle()
    assert (form.width(), form.height()) == size


@every
def test_every_input_has_a_name(make: Callable[[], Form], qtbot: QtBot) -> None:
    form = shown(make(), qtbot)
    for slot in form.slots.values():
        for stop in slot.stops():
            assert stop.accessibleName() or (isinstance(stop, QAbstractButton) and stop.text()), slot.key


@every
def test_escape_leaves_and_control_enter_saves(make: Callable[[], Form], qtbot: QtBot) -> None:
    form = shown(make(), qtbot)
    with qtbot.waitSignal(form.left):
        QTest.keyClick(form.windowHandle(), Qt.Key.Key_Escape)
    form.made = lambda: "made"  # type: ignore[method-assign]
    with qtbot.waitSignal(form.accepted) as made:
        QTest.keyClick(form.windowHandle(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert made.args == ["made"]


# Refusals


@every
def test_a_refusal_stands_beside_its_own_input(make: Callable[[], Form], qtbot: QtBot) -> None:
    form = shown(make(), qtbot)
    sentence = "This is not so."
    seen = 0
    for key, slot in form.slots.items():
        if not slot.part.isVisible() or [s.field for s in form.slots.values()].count(slot.field) > 1:
            continue
        form.refuse(Refusal(message(sentence), field=slot.field))
        assert told(form) == {key: sentence}
        assert focus() in slot.stops() or not slot.widget.isEnabled() or not slot.part.isEnabled()
        seen += 1
    assert seen
    form.refuse(Refusal(message(sentence), field="no such field"))
    assert told(form) == {"": sentence}
    form.refuse(None)
    assert told(form) == {}


CORRECTING = ("correct", "patient", "course", "treatment", "event", "follow-up", "review", "letter")


@pytest.mark.parametrize("name", CORRECTING)
def test_an_untouched_correction_changes_nothing(name: str, qtbot: QtBot) -> None:
    form = shown(FORMS[name](), qtbot)
    assert not form.changed
    assert refused(form) == {"": "Nothing was changed."}
    put(form, why="typing error")
    assert refused(form) == {"": "Nothing was changed."}


@pytest.mark.parametrize(
    ("name", "key", "raw"),
    [
        ("correct", "note", "better"),
        ("patient", "notes", "days"),
        ("course", "goals", "to sleep"),
        ("treatment", "note", "x"),
        ("event", "text", "moved"),
        ("follow-up", "note", "rang"),
        ("review", "plan", "call"),
        ("letter", "text", "Dear Dr Blue,"),
    ],
)
def test_a_correction_carries_its_why(name: str, key: str, raw: str, qtbot: QtBot) -> None:
    form = shown(FORMS[name](), qtbot)
    put(form, **{key: raw, "why": "  typing error "})
    edit = saved(form)
    assert edit.why == "typing error"
    (step,) = edit.steps
    assert getattr(step.after, key) == raw
    assert step.before is not None


# To the letter

TEXTS = {
    "patient": ("notes", "referrer", "gp", "prescriber", "consent_note"),
    "course": ("goals", "therapist", "medication"),
    "treatment": ("dose", "note"),
    "event": ("text",),
    "new risk": ("asked", "found", "plan", "told"),
    "log": ("note", "task", "phase"),
    "new letter": ("address", "text"),
}
KNOWN = (formed.PATIENT, formed.COURSE, formed.EPISODE, formed.TREATMENT, formed.EVENT)


@pytest.mark.parametrize("text", [*NASTY.values(), LONG], ids=[*NASTY.keys(), "100,000 and more"])
@pytest.mark.parametrize("name", TEXTS)
def test_text_is_stored_to_the_letter(name: str, text: str, qtbot: QtBot, tmp_path: Path) -> None:
    form = shown(FORMS[name](), qtbot)
    for key in TEXTS[name]:
        lines = text + "\n\n  and a second line" if isinstance(form.slots[key], Text) else text
        put(form, **{key: lines})
    edit = saved(form)
    read = formed.stored(edit, tmp_path, *KNOWN)
    everything = {
        (r.kind, r.id): r for group in vars(read).values() for r in (group if isinstance(group, tuple) else [group])
    }
    written = {
        key: getattr(everything[s.record.kind, s.record.id], key)
        for s in edit.steps
        for key in TEXTS[name]
        if hasattr(s.record, key)
    }
    assert written == {key: form.slots[key].raw() for key in TEXTS[name]}
    assert all(text in value for value in written.values())


def test_no_input_cuts_what_is_typed(qtbot: QtBot) -> None:
    whole = ("code", "total")
    for make in FORMS.values():
        form = shown(make(), qtbot)
        for key, slot in form.slots.items():
            if isinstance(slot, Whole) or key in whole or not isinstance(slot, Line | Text):
                continue
            assert isinstance(slot.widget, QLineEdit | QPlainTextEdit)
            slot.put(LONG)
            assert slot.raw() == LONG, key
