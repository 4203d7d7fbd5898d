"""Trying the program out: the demo's band over the window, its tour, and the way back from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.ui.demo_band import DemoBand
    from trdtrack.ui.window import Window


class Trying:
    """Knows whether what is open is a demo; imports nothing for whoever works on a caseload of their own."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.demo = False
        self.band: DemoBand | None = None

    def mark(self, *, demo: bool) -> None:
        """Let the band stand above everything while a demo is open, and while its screen is handed over."""
        self.demo = demo
        if demo and self.band is None:
            from trdtrack.ui.demo_band import DemoBand

            self.band = DemoBand()
            self.band.tour_asked.connect(self.take_tour)
            self.band.left.connect(self.leave)
            self._window.centre.insertWidget(0, self.band)
        if self.band:
            self.band.setVisible(demo)

    def let_act(self, *, able: bool) -> None:
        """Offer the band's buttons, or none while somebody else is before the screen."""
        if self.band:
            self.band.let_act(able=able)

    def begin(self) -> None:
        """Lock the caseload that is open and look round in a demo."""
        if self._window.lock():
            self._window.opening.demo()

    def take_tour(self) -> None:
        """Begin the tour, in the demo: a caseload of one's own is locked meanwhile."""
        from trdtrack.ui.tour import Tour

        window = self._window
        window.over.leave()
        place = window.workspace
        if not self.demo:
            if window.lock():
                window.opening.demo(then=self.take_tour)
        elif place and place.findChild(Tour) is None and place.may_leave():
            place.close_form()
            Tour(place).start()

    def locked_words(self) -> str:
        """Return how to get back into a demo that was locked."""
        from trdtrack.demo import PASSPHRASE

        return _("The demo is locked. Its passphrase is {passphrase}.").format(passphrase=PASSPHRASE)

    def leave(self) -> None:
        """Go back from the demo to the first page."""
        window = self._window
        if window.lock():
            window.unlock.refresh()
            window.unlock.show_opening()
            window.steps.at_unlock()
