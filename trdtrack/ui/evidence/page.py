"""The evidence page: what the lines mean, and the way from any number on the chart to its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget

from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.evidence import benchmark_file
from trdtrack.ui import theme
from trdtrack.ui.help.link import more_about
from trdtrack.ui.page import GROUND, Page, card, column
from trdtrack.ui.roles import Pane
from trdtrack.ui.tabs import Tabs
from trdtrack.words import _, stated_day, translated

if TYPE_CHECKING:
    from trdtrack.chart.forest import ForestPlot
    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.edit import Touched
    from trdtrack.exports import Made
    from trdtrack.ui.desk import Desk
    from trdtrack.ui.dialogs import Dialogs
    from trdtrack.ui.evidence.findings import Findings
    from trdtrack.ui.work import Tick

AGAIN_MS = 300
"""Until the work under way is asked again whether it is done."""
BESIDE_PX = 256
"""The words beside the plot: a comfortable line for reading."""


class EvidencePage(Page):
    """One benchmark at a time: the trials as a forest plot, the caveats beside it, every figure and source below."""

    title = _("Evidence")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._benchmarks: tuple[Benchmark, ...] = ()
        self._findings: Findings | None = None
        self._plot: ForestPlot | None = None
        page = column(self, spacing=12, ground=GROUND)
        page.addLayout(self._head())
        self.about = theme.label(tone="muted", wrap=True)
        page.addWidget(self.about)
        self.tabs = Tabs()
        self.tabs.addTab(self._overview(), _("Overview"))
        page.addWidget(self.tabs, 1)

    def _head(self) -> QLayout:
        head = theme.row()
        head.setSpacing(theme.GAP)
        head.addWidget(theme.label(self.title, px=theme.TITLE_PX, strong=True), 1)
        self.choice = theme.Choice()
        self.choice.setAccessibleName(_("Benchmark shown"))
        self.choice.activated.connect(self._choose)
        add = theme.button(_("Add benchmark…"), icon_name="plus")
        add.setToolTip(_("A benchmark file of the clinic's own, kept in this caseload"))
        add.clicked.connect(self._add)
        self.export_button = theme.button(_("Export as PDF"), icon_name="file-down")
        self.export_button.clicked.connect(self._export)
        self.export_button.setEnabled(False)
        for widget in (self.choice, add, self.export_button):
            head.addWidget(widget)
        return head

    def _overview(self) -> QWidget:
        self._waiting = theme.label(_("Pooling the trials…"), tone="muted")
        self._picture = _scrolled(self._waiting, _("Forest plot"))
        beside = self._words()
        theme.aside(beside, BESIDE_PX)
        both = QWidget()
        across = theme.columns(both)
        across.setContentsMargins(0, theme.PAD, 0, 0)
        across.setSpacing(theme.WIDE)
        across.addWidget(self._picture, 1)
        across.addWidget(beside)
        return both

    def _words(self) -> QScrollArea:
        sheet = card()
        stack = column(sheet, margin=theme.PAD, spacing=theme.GAP)
        stack.addWidget(theme.label(_("What the lines mean"), px=theme.HEADLINE_PX, strong=True))
        self._caveats = theme.label(wrap=True)
        self._caveats.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        stack.addWidget(self._caveats)
        stack.addWidget(more_about("benchmark", name=_("What the lines mean")), alignment=Qt.AlignmentFlag.AlignLeft)
        stack.addStretch(1)
        return _scrolled(sheet, _("What the lines mean"))

    # Drawing

    def concerns(self, touched: Touched) -> bool:
        return touched.everything or "benchmark" in touched.kinds

    def take_focus(self) -> None:
        self.tabs.tabBar().setFocus()

    def redraw(self, _touched: Touched | None) -> None:
        chosen = self._shown()
        self._benchmarks = self.desk.caseload.benchmarks()
        self.choice.clear()
        for b in self._benchmarks:
            self.choice.addItem(_("{name}, version {version}").format(name=b.name, version=b.version))
        self.choice.setCurrentIndex(self._benchmarks.index(chosen) if chosen in self._benchmarks else 0)
        self._choose()

    def show_benchmark(self, benchmark: Benchmark) -> None:
        """Turn to one benchmark, as a chart asks for its sources."""
        if benchmark in self._benchmarks:
            self.choice.setCurrentIndex(self._benchmarks.index(benchmark))
            self._choose()

    def _shown(self) -> Benchmark | None:
        index = self.choice.currentIndex()
        return self._benchmarks[index] if 0 <= index < len(self._benchmarks) else None

    def _choose(self, _index: int = 0) -> None:
        benchmark = self._shown()
        if benchmark is None:
            return
        words = _("{name}, version {version} of {date}. {population}")
        self.about.setText(
            words.format(
                name=benchmark.name,
                version=benchmark.version,
                date=stated_day(benchmark.date),
                population=translated(benchmark.population),
            )
        )
        self._caveats.setText(
            "\n\n".join(f"{n}   {translated(text)}" for n, text in enumerate(benchmark.caveats, start=1))
        )
        if self.desk.work.busy:
            QTimer.singleShot(AGAIN_MS, self, self._choose)
            return

        def job(_tick: Tick) -> Findings:
            from trdtrack.ui.evidence.findings import find

            return find(benchmark)

        self.desk.work.run(_("Pooling the trials…"), job, done=self._show, failed=self.desk.refuse)

    def _show(self, found: Findings) -> None:
        # The chart's libraries come with the first look: the list of patients is not to wait for them.
        from trdtrack.chart.forest import ForestPlot
        from trdtrack.ui.evidence.tables import (
            figures_table,
            published_table,
            routes_table,
            trials_table,
        )

        self._findings = found
        if self._plot is None:
            self._plot = theme.figure(ForestPlot())
            self._picture.setWidget(self._plot)
        self._plot.draw(found.pooled, found.published)
        place = self.tabs.currentIndex()
        while self.tabs.count() > 1:
            self.tabs.widget(1).deleteLater()  # pyright: ignore[reportOptionalMemberAccess]
            self.tabs.removeTab(1)
        for name, table in (
            (_("Parameters"), figures_table(found.tables["parameters"], sources=found.benchmark)),
            (_("Figures"), self._worked(found)),
            (_("Routes"), routes_table(found.routes, found.trials, found.published)),
            (_("Trials"), trials_table(found.trials)),
            (_("Pooled"), figures_table(found.tables["pooled"])),
            (_("Left out"), figures_table(found.tables["left out"])),
            (_("By therapy"), figures_table(found.tables["modalities"])),
            (_("Published"), published_table(found.published)),
        ):
            self.tabs.addTab(table, name)
        self.tabs.setCurrentIndex(max(place, 0))
        self.export_button.setEnabled(True)

    def _worked(self, found: Findings) -> QScrollArea:
        from trdtrack.ui.evidence.tables import two_lines

        lines = two_lines(found.benchmark, found.tables["worked"], today=self.desk.today)
        # Else all the other tabs would have to be as high as this one.
        return _scrolled(lines, _("Figures"))

    # Asked for

    @property
    def _dialogs(self) -> Dialogs:
        return self.desk.dialogs

    def _add(self) -> None:
        path = self._dialogs.open_file(_("Add a benchmark file"), _("Benchmark (*.toml)"))
        if path is None:
            return
        try:
            record = benchmark_file(path)
        except Exception as error:  # noqa: BLE001 - said in words, as every refusal
            self.desk.refuse(error)
            return
        said = _("Added. A course takes it by Edit on the patient's page.")
        self.desk.edit(added(message("Add benchmark"), record), done=lambda: self.desk.show(said))

    def _export(self) -> None:
        found = self._findings
        if found is None:
            return
        from trdtrack.report.evidence import draw_evidence

        picture = draw_evidence(found.pooled, found.published)
        made = self.desk.today

        def finish() -> Made:
            from trdtrack.exports import Made
            from trdtrack.report.evidence import typeset_evidence

            f = found
            return Made.of(typeset_evidence(f.benchmark, f.pooled, f.published, f.trials, f.routes, picture, made=made))

        self.desk.write_out(_("Evidence as PDF"), f"evidence-{made}.pdf", finish)


def _scrolled(widget: QWidget, name: str) -> QScrollArea:
    scroll = Pane()
    scroll.setAccessibleName(name)
    scroll.setWidgetResizable(True)
    if theme.stacked():
        scroll.setMinimumHeight(theme.px(theme.LEAST_READING_PX))
    else:
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(widget)
    return scroll
