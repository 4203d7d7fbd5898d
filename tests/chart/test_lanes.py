"""Where things stand in the lanes: nothing overlaps, and the scores keep most of the height."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPointF

from chart.courses import beside, course, crowded, ended, event, full, long, treatment, usual, week
from chart.test_trajectory import CASES, colour
from trdtrack.chart.lane_plan import AIR, ROW, Plan
from trdtrack.chart.packing import clusters, legend, packed
from trdtrack.chart.palette import LIGHT
from trdtrack.chart.trajectory import TrajectoryChart
from trdtrack.chart.view import View
from trdtrack.domain.records import Role

FULL = {"full": full, "crowded": crowded, "ended": ended, "usual": usual, "long": lambda: long(400)}
SIZES = [(1200, 700), (760, 440), (640, 400), (480, 300), (360, 260)]
VIEWS = [View(), View(by_session=True), View(patient=True), View(ahead=True)]


@pytest.fixture
def chart(qtbot):
    widget = TrajectoryChart()
    qtbot.addWidget(widget)
    widget.resize(760, 440)
    widget.show()
    return widget


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", VIEWS, ids=["days", "sessions", "patient", "ahead"])
@pytest.mark.parametrize("name", FULL)
def test_no_bar_word_or_diamond_touches_another_and_all_stay_inside(chart, name, view, size):
    chart.resize(*size)
    chart.show_view(view)
    chart.draw(FULL[name]())
    for months in (None, 6, 1):
        chart.zoom(months)
        assert not chart.grab().isNull()
        stage, plan, found = chart.stage, chart.lanes.plan, chart.stage.drawing.alongside
        blocks, hidden = packed(stage, found.treatments, plan.medication)
        for a, b in itertools.combinations([b for b in blocks if b.row < plan.medication], 2):
            apart = a.reach[1] <= b.reach[0] + 1.5 or b.reach[1] <= a.reach[0] + 1.5
            assert a.row != b.row or apart, (a, b)
        assert all(b.reach[0] >= -0.01 and b.reach[1] <= stage.edge + 0.01 for b in blocks)
        seen = [b for b in found.treatments if stage.x(b.x1) >= 0 and (b.x0 is None or stage.x(b.x0) <= stage.edge)]
        assert hidden + len(blocks) == len(seen)
        marks = clusters(stage, found.events)
        assert all(a.x + a.half <= b.x - b.half for a, b in itertools.pairwise(marks))
        assert [e for c in marks for e in c.events] == [e for e in found.events if stage.shows(stage.x(e.x))]
        entries, rest = legend(stage, found.events, plan.words)
        places = []
        for entry in entries:
            words = f"{entry.letter}{entry.when}{entry.words}"
            places.append((entry.row, entry.left, entry.left + stage.measure(words, 11)))
            assert entry.row < plan.words
            assert places[-1][2] <= stage.width + 1
        for a, b in itertools.pairwise(places):
            assert a[0] < b[0] or a[2] < b[1]
        if rest:
            assert places[-1][2] + stage.measure(rest, 11) <= stage.width


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [*FULL, *CASES])
def test_the_scores_keep_six_tenths_of_the_height(chart, name, size):
    chart.resize(*size)
    chart.draw((FULL | CASES)[name]())
    if size[1] >= 400:
        assert chart.stage.height >= 0.6 * size[1]
    below = chart.lanes.size().height() + chart.legend.size().height()
    assert chart.stage.height + below + 56 == pytest.approx(size[1], abs=2)


def test_at_the_usual_size_every_lane_of_an_ordinary_course_has_its_place(chart):
    chart.draw(full())
    assert chart.lanes.plan == Plan(item9=True, sessions=True, phases=True, medication=2, events=True, words=1)


def test_lanes_give_way_in_the_stated_order(chart):
    chart.draw(crowded())
    plans = []
    for height in range(900, 250, -10):
        chart.resize(760, height)
        chart.grab()
        plans.append(chart.lanes.plan)
    assert plans[0] == Plan(item9=True, sessions=True, phases=True, medication=4, events=True, words=3)
    seen = [(p.words, p.medication, p.phases, p.events) for p, _ in itertools.groupby(plans)]
    order = [
        (3, 4, True, True),
        (1, 4, True, True),
        (1, 2, True, True),
        (1, 2, False, True),
        (1, 1, False, True),
        (0, 1, False, True),
        (0, 1, False, False),
        (0, 0, False, False),
    ]
    assert seen == [step for step in order if step in seen]
    assert seen[-1] == order[-1]
    assert len(seen) >= 6
    assert all(p.item9 and p.sessions for p in plans)


def test_empty_lanes_take_no_room(chart):
    chart.draw(course())
    assert chart.lanes.size().height() == 0
    chart.draw(course((0, 19)))
    assert [name for name, _ in chart.lanes.plan.lanes()] == ["item9", "sessions"]
    chart.draw(beside(course((0, 19)), event(3, "New flat")))
    assert [name for name, _ in chart.lanes.plan.lanes()] == ["item9", "sessions", "events"]
    chart.turn_to_patient(on=True)
    assert [name for name, _ in chart.lanes.plan.lanes()] == ["sessions"]


def test_those_taken_now_come_first_and_the_others_are_counted(chart):
    given = [treatment(f"drug {n}", since=n, until=20) for n in range(6)]
    summary = beside(course((0, 19), (20, 12)), *given, treatment("lithium", since=2, still_taken=True))
    chart.draw(summary)
    blocks, hidden = packed(chart.stage, chart.stage.drawing.alongside.treatments, 4)
    assert blocks[0].bar.name == "lithium"
    assert blocks[0].row == 0
    assert (len(blocks), hidden) == (4, 3)


def test_one_drug_may_follow_another_in_its_row_and_a_short_one_has_its_name_beside(chart):
    summary = beside(
        course((0, 19), (20, 12)),
        treatment("sertraline", since=0, until=10),
        treatment("venlafaxine", since=10, until=20),
    )
    chart.draw(summary)
    blocks, _ = packed(chart.stage, chart.stage.drawing.alongside.treatments, 4)
    assert {b.row for b in blocks} == {0}
    chart.draw(beside(course((0, 19), (20, 12)), treatment("sertraline", "150 mg", since=3, until=4)))
    (block,), _ = packed(chart.stage, chart.stage.drawing.alongside.treatments, 4)
    assert block.text == "sertraline 150 mg"
    assert block.text_left > block.right


def test_roles_differ_without_their_colour(chart):
    """Augmentation has a plus, ECT its letters; hatching, strokes and shade differ in what they cover."""

    def dark(role):
        drug = {} if role is Role.ECT else {"drug": "a"}
        chart.draw(beside(course((0, 19), (20, 12)), treatment(**{"drug": "", **drug}, since=0, until=20, role=role)))
        (block,), _ = packed(chart.stage, chart.stage.drawing.alongside.treatments, 4)
        top = sum(h for name, h in chart.lanes.plan.lanes() if name in {"item9", "sessions", "phases"})
        image = chart.grab().toImage().convertToFormat(chart.grab().toImage().Format.Format_Grayscale8)
        at = chart.viewportTransform().map(chart.lanes.mapToScene(QPointF(block.right - 60, top + AIR / 2 + ROW / 2)))
        shades = [
            image.pixelColor(round(at.x()) + i, round(at.y()) + j).lightness() for i in range(48) for j in (-3, 2)
        ]
        return block.text, round(sum(shades) / len(shades)), max(shades) - min(shades) > 40

    found = {role: dark(role) for role in Role}
    assert found[Role.AUGMENTATION][0] == "+ a"
    assert found[Role.ECT][0] == "ECT"
    patterned = {role for role, (_, _, patterned) in found.items() if patterned}
    assert patterned == {Role.AUGMENTATION, Role.ECT}
    assert found[Role.OTHER][1] - found[Role.ANTIDEPRESSANT][1] > 15


def test_a_place_in_a_lane_says_in_full_what_stands_there(chart):
    chart.draw(full())
    stage, plan = chart.stage, chart.lanes.plan
    tops = dict(
        zip((n for n, _ in plan.lanes()), itertools.accumulate((h for _, h in plan.lanes()), initial=0), strict=False)
    )
    y = tops["medication"] + AIR / 2 + ROW / 2
    assert chart.lanes.words_at(QPointF(stage.x(week(12).toordinal()), y)) == (
        "lithium 600 mg, augmentation, since 3 Mar 2026, still taken"
    )
    found = chart.lanes.words_at(QPointF(stage.x(week(9).toordinal()), tops["events"] + 8))
    assert found.splitlines() == [
        "B, 10 Mar 2026, life event: Mother moved in",
        "C, 12 Mar 2026, medication change: Lithium begun",
    ]
    assert chart.lanes.words_at(QPointF(stage.x(week(25).toordinal()), y)) == ""
    assert chart.lanes.words_at(QPointF(stage.x(week(12).toordinal()), 3)) == ""


def test_an_open_item_9_has_a_heavy_frame_and_a_settled_one_a_fine_one(chart):
    chart.draw(full())
    marks = {m.x: m for m in chart.stage.drawing.alongside.item9}
    settled, unsettled = marks[week(1).toordinal()], marks[week(12).toordinal()]
    assert (settled.raised, settled.unsettled) == (True, False)
    assert unsettled.unsettled

    def frame(mark):
        at = chart.viewportTransform().map(chart.lanes.mapToScene(QPointF(chart.stage.x(mark.x), AIR / 2 + 10)))
        shades = [
            colour(chart, at + QPointF(dx, 3)).red() - colour(chart, at + QPointF(dx, 3)).blue() for dx in (-8, -7, -6)
        ]
        return sum(shades)

    assert frame(unsettled) > 1.5 * frame(settled) > 0
    assert LIGHT.risk != LIGHT.muted
