"""What is laid over whatever the window shows, and left by Escape: the manual, and the page about the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.ui.room import lay_over

if TYPE_CHECKING:
    from trdtrack.ui.about.page import AboutPage
    from trdtrack.ui.help.page import HelpPage
    from trdtrack.ui.window import Window
    from trdtrack.ui.workspace import Workspace


class Covering:
    """Knows the window; imports a page only when somebody asks for it."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.help: HelpPage | None = None
        """The manual, while it is there."""
        self.about: AboutPage | None = None

    def listen(self, place: Workspace) -> None:
        """Come when a page of a workspace asks for it."""
        place.help_asked.connect(self.show_help)
        place.about_asked.connect(self.show_about)
        place.tour_asked.connect(self._window.trying.take_tour)
        place.steps_asked.connect(self._window.steps.begin)

    def show_help(self, topic: str = "") -> None:
        """Lay the manual over what is shown, at a topic or at what fits here."""
        from trdtrack.ui.help.opening import open_help

        self.leave()
        window, place = self._window, self._window.workspace
        self.help = open_help(window.stack, topic, shown=place and place.stack.currentWidget())
        self.help.left.connect(self._left)
        self.help.steps_asked.connect(window.steps.begin)
        self.help.tour_asked.connect(window.trying.take_tour)
        self.help.about_asked.connect(self.show_about)

    def show_about(self) -> None:
        """Lay the page about the program over what is shown."""
        from trdtrack.ui.about.page import AboutPage

        self.leave()
        window, place = self._window, self._window.workspace
        self.about = AboutPage(place and place.desk.caseload, window.dialogs)
        lay_over(window.stack, self.about, self.about.left)
        self.about.left.connect(self._left)
        self.about.sources_asked.connect(self._show_sources)
        self.about.start()

    def leave(self) -> None:
        """Go back from what is there."""
        for page in (self.help, self.about):
            if page:
                page.left.emit()

    def _left(self) -> None:
        self.help = self.about = None

    def _show_sources(self) -> None:
        from trdtrack.ui.evidence.page import EvidencePage

        self.leave()
        if self._window.workspace:
            self._window.workspace.go(EvidencePage)
        else:
            self.show_help("benchmark")
