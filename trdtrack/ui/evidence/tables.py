"""The tables under the forest plot: each figure with its source, in the columns of the evidence on paper."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from trdtrack.chart.forest_words import short_source
from trdtrack.chart.trajectory import TrajectoryChart
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, Patient, Rules
from trdtrack.domain.routes import BASELINE
from trdtrack.domain.summary import Summary, summarise
from trdtrack.ui import theme
from trdtrack.ui.page import column
from trdtrack.ui.roles import Pane
from trdtrack.ui.rows import Column, Table
from trdtrack.words import _, figures, named, say, translated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.routes import Route
    from trdtrack.domain.trials import Arm, Published, Trial

_Cells = tuple[str, ...]
BREAK = "\u200b"
"""Where words may go on in the next line, and nothing is seen."""
FOOT_PX = 88
"""The caption and note under a table of figures."""


def figures_table(table: dict[str, Any], *, sources: Benchmark | None = None) -> QWidget:
    """Return a table of the evidence on paper, its caption above and, for parameters, the sources S and A below."""
    rows = [tuple(row) for row in table["rows"]]
    columns: list[Column[_Cells]] = [
        Column(heading, lambda row, n=n: row[n], strong=n == 0, stretch=n == len(table["columns"]) - 1)
        for n, heading in enumerate(table["columns"])
    ]
    shown: Table[_Cells] = Table(columns, name=table["caption"])
    shown.show_records(rows, keep=lambda row: row)
    words = [table["caption"], table.get("note", "")]
    if sources:
        words += [
            f"S{n}   {named(s.cite, translated(s.gives))}." + (f" doi {s.doi}" if s.doi else "")
            for n, s in enumerate(sources.sources, start=1)
        ]
        words += [
            _("A{n}   our own assumption: {text}").format(n=n, text=translated(t))
            for n, t in enumerate(sources.assumptions, 1)
        ]
    return _under(shown, "\n".join(word for word in words if word))


def two_lines(benchmark: Benchmark, table: dict[str, Any], *, today: date) -> QWidget:
    """Return the picture of what usual care does and what therapy adds, from an example's baseline, and its figures."""
    chart = theme.figure(TrajectoryChart())
    chart.draw(_example(benchmark, today))
    chart.setAccessibleName(_("What usual care does, and what therapy adds"))
    below = figures_table(table)
    below.setFixedHeight(theme.px(theme.ROW_PX * (len(table["rows"]) + 1) + FOOT_PX))
    holder = QWidget()
    stack = column(holder, margin=0, spacing=theme.GAP)
    stack.setContentsMargins(0, theme.GAP, 0, 0)
    stack.addWidget(chart, 1)
    stack.addWidget(below)
    return holder


def _example(benchmark: Benchmark, today: date) -> Summary:
    """Return a course nobody has, with the baseline the figures are worked for."""
    patient = Patient(code=_("Example"))
    course = Course(patient=patient.id, start=today)
    moment = datetime.combine(today, time(), tzinfo=UTC)
    first = Assessment(patient=patient.id, course=course.id, date=today, total=BASELINE, entered=moment)
    dossier = Dossier(patient, courses=(course,), assessments=(first,))
    return summarise(dossier, course, benchmark=benchmark, rules=Rules(), today=today)


def routes_table(routes: Sequence[Route], trials: Sequence[Trial], published: Sequence[Published]) -> QWidget:
    """Return the routes from trials to points, those that agree first."""
    names = {row.id: short_source(row) for row in published} | {trial.id: trial.study for trial in trials}

    def data(route: Route) -> str:
        if len(route.sources) == len(trials):
            return _("all comparisons")
        return ", ".join(names[source] for source in route.sources)

    columns: list[Column[Route]] = [
        Column(_("Points"), lambda r: figures(f"{r.points:.2f}"), number=True, strong=True),
        Column(_("Agrees"), lambda r: _("yes") if r.agrees else _("no")),
        Column(_("Route"), lambda r: say(r.what), stretch=True),
        Column(_("Arithmetic"), lambda r: say(r.how), width=130),
        Column(_("Data"), data, width=115),
        Column(_("SD from"), lambda r: names.get(r.sd_from, ""), width=125),
        Column(_("Lines' own data"), lambda r: _("yes") if r.same_data else _("no")),
    ]
    shown: Table[Route] = Table(columns, name=_("Routes to points"), wrap=True)
    shown.show_records(sorted(routes, key=lambda r: not r.agrees), keep=lambda r: r.id)
    note = _(
        "What therapy adds by week 26 from a baseline of 19, reckoned in several ways; agrees: within half a point."
    )
    return _under(shown, note)


def trials_table(trials: Sequence[Trial]) -> QWidget:
    """Return the trials, arm by arm."""
    columns: list[Column[Trial]] = [
        Column(_("Study"), lambda t: t.study, strong=True, width=130),
        Column(_("Population"), lambda t: t.population, width=170),
        Column(_("Therapy"), lambda t: t.therapy, width=150),
        Column(_("Against"), lambda t: t.comparator, width=100),
        Column(_("Scale"), lambda t: t.scale),
        Column(_("Weeks"), lambda t: "" if t.weeks is None else figures(f"{t.weeks:g}"), number=True),
        Column(_("n"), lambda t: f"{t.therapy_after.n}/{t.control_after.n}", number=True),
        Column(_("Therapy arm"), lambda t: _means(t.therapy_before, t.therapy_after), number=True),
        Column(_("Control arm"), lambda t: _means(t.control_before, t.control_after), number=True, stretch=True),
    ]
    shown: Table[Trial] = Table(columns, name=_("Trials"), wrap=True)
    shown.show_records(trials, keep=lambda t: t.id)
    note = _(
        "Means in points of each scale, before → after. From the Metapsy depression database, release 24.0.2, and the "
        "papers named."
    )
    return _under(shown, note)


def published_table(published: Sequence[Published]) -> QWidget:
    """Return the published estimates; the unverified are said to be so."""
    columns: list[Column[Published]] = [
        Column(_("Source"), lambda p: p.source, strong=True, width=140),
        Column(_("Comparison"), lambda p: p.comparison, stretch=True),
        Column(_("Estimate"), _estimate, width=205),
        Column(_("k"), lambda p: "" if p.k is None else str(p.k), number=True),
        Column(_("n"), lambda p: "" if p.n is None else str(p.n), number=True),
        Column(_("DOI"), lambda p: _breaking(p.doi), spoken=lambda p: p.doi, width=112),
        Column(
            _("Opened by us"),
            lambda p: (
                _("yes")
                if p.confirmed.value == "yes"
                else _("unverified")
                if p.confirmed.value == "no"
                else _("as text")
            ),
            tone=lambda p: "ink" if p.confirmed.value == "yes" else "review",
        ),
    ]
    shown: Table[Published] = Table(columns, name=_("Published estimates"), wrap=True)
    shown.show_records(published, keep=lambda p: p.id)
    return _under(shown, _("Unverified: nobody here has opened the paper. Never drawn, never a default."))


def _breaking(doi: str) -> str:
    """Return a DOI that may go on in the next line behind its slash, and behind each dot after it."""
    prefix, slash, suffix = doi.partition("/")
    return f"{prefix}{slash}{BREAK}{suffix.replace('.', '.' + BREAK)}" if slash else doi


def _means(before: Arm | None, after: Arm) -> str:
    return figures(f"{before.mean:g} → {after.mean:g}" if before else f"{after.mean:g}")


def _estimate(row: Published) -> str:
    if row.estimate is None:
        return translated(row.note)
    given = f"{row.metric} {figures(f'{row.estimate:g}')}"
    if row.ci_low is not None:
        low, high = (figures(f"{end:g}") for end in (row.ci_low, row.ci_high))
        given = say(message("{given} ({low} to {high})", given=given, low=low, high=high))
    return given.replace("-", "\u2212")


def _under(table: Table[Any], words: str) -> QWidget:
    """Return a table over the words that belong to it, which scroll if they are many."""
    holder = QWidget()
    stack = column(holder, margin=0, spacing=4)
    stack.setContentsMargins(0, theme.GAP, 0, 0)
    stack.addWidget(table, 3)
    note = theme.label(words, px=theme.SMALL_PX, tone="muted", wrap=True)
    note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if words.count("\n") < 2:
        stack.addWidget(note)
        return holder
    scroll = Pane()
    scroll.setAccessibleName(_("Sources and assumptions"))
    scroll.setWidgetResizable(True)
    scroll.setWidget(note)
    stack.addWidget(scroll, 2)
    return holder
