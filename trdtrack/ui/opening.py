"""Opens, makes and brings back caseload files for the window, beside its work; the unlock page says how it went."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trdtrack import known_heads, settings
from trdtrack.domain.refusals import Damaged, OpenElsewhere, Refusal
from trdtrack.paths import is_demo
from trdtrack.ui.desk import in_words
from trdtrack.ui.first_window import FirstWindow, already_open, raised
from trdtrack.ui.handover.handing import unless_cancelled
from trdtrack.ui.recovery import offer_sheet
from trdtrack.ui.server.login import Login
from trdtrack.ui.wrong_tries import TRIES
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from trdtrack.caseload import Caseload
    from trdtrack.domain.address import Address
    from trdtrack.ui.restore.replacing import Key
    from trdtrack.ui.window import Window
    from trdtrack.ui.work import Tick


class Opening:
    """Does what the unlock page asks for."""

    def __init__(self, window: Window, *, who: str, clock: Callable[[], datetime]) -> None:
        self._window, self._who, self._clock = window, who, clock
        self._unlock = unlock = window.unlock
        self.first = FirstWindow(window)
        unlock.open_file.connect(self.open)
        unlock.open_server.connect(self._log_in)
        unlock.create_file.connect(self._create)
        unlock.demo.connect(self.demo)
        unlock.damaged.put_back.connect(self._put_back)
        unlock.damaged.look.connect(self._look)

    def open(self, path: Path, secret: str, remark: str) -> None:
        """Open a file, or bring the window of this computer forward that has it; say the remark once it is open."""
        if not self.first.of(path) and raised(path):
            self._unlock.forget()
            self._unlock.say(in_words(Refusal(already_open(path))), tone="muted")
            return

        def job(tick: Tick) -> Caseload:
            from trdtrack.caseload import Caseload

            return unless_cancelled(Caseload.open(path, secret, who=self._who), tick)

        self._begin(_("Opening {file}…").format(file=path.name), job, path=path, remark=remark)

    def _log_in(self, address: Address, password: str, keep: bool) -> None:  # noqa: FBT001 - a signal's argument
        """Open a server's caseload; with `keep` the password comes from the keyring, or goes there once it is right."""
        was_kept = settings.Server(address, keyring=True) in settings.servers()
        login = Login(address, password, keep=keep, was_kept=was_kept)

        def job(tick: Tick) -> Caseload:
            return unless_cancelled(login.open(), tick)

        self._begin(_("Opening {file}…").format(file=address.name), job, login=login)

    def _create(self, path: Path, passphrase: str) -> None:
        key: list[str] = []

        def job(tick: Tick) -> Caseload:
            from trdtrack.caseload import Caseload

            caseload = Caseload.create(path, passphrase, who=self._who)
            try:
                key.extend(caseload.recovery_key(passphrase))
                return unless_cancelled(caseload, tick)
            except BaseException:
                path.unlink(missing_ok=True)
                raise

        def made() -> None:
            if self._window.workspace:
                offer_sheet(self._window.workspace.desk, key, said=_("The caseload is made."))

        self._begin(
            _("Making {file}…").format(file=path.name), job, path=path, ready=self._window.steps.made, then=made
        )

    def _put_back(self, damaged: Damaged) -> None:
        """Put the newest good backup in the place of a damaged file."""
        file, secret = Path(damaged.file), self._unlock.passphrase.text()

        def keys() -> Sequence[Key]:
            from trdtrack.caseload import Caseload

            return Caseload.keys_from(file, secret)

        self._window.restoring.start(Path(damaged.backup), file, keys)

    def _look(self, backup: Path) -> None:
        """Open a backup to look only."""
        secret = self._unlock.passphrase.text()

        def job(tick: Tick) -> Caseload:
            from trdtrack.caseload import Caseload

            return unless_cancelled(Caseload.open(backup, secret, who=self._who, look=True), tick)

        self._begin(_("Opening the backup…"), job)

    def demo(self, *, then: Callable[[], None] | None = None) -> None:
        """Make the demo caseload in a folder of its own that goes with the program, and open it."""

        def job(tick: Tick) -> Caseload:
            from trdtrack.demo import make_demo

            return unless_cancelled(make_demo(at=self._clock()), tick)

        self._begin(_("Preparing the demo caseload…"), job, then=then)

    def _begin(
        self,
        what: str,
        job: Callable[[Tick], Caseload],
        *,
        path: Path | None = None,
        login: Login | None = None,
        remark: str = "",
        ready: Callable[[Caseload], None] | None = None,
        then: Callable[[], None] | None = None,
    ) -> None:
        """Open or make what is to be known here from now on: the file at `path`, or what `login` opens.

        Or a demo, or a backup to look into.
        """
        window, unlock = self._window, self._unlock

        def done(caseload: Caseload) -> None:
            unlock.set_busy(False)
            said = [remark]
            if path:
                TRIES.right(path)
            if path and not is_demo(path):
                settings.remember(caseload.path)
                self.first.listen(caseload.path)
            if login:
                settings.remember_server(login.address, keyring=login.kept)
                said.append(login.remark)
            if login or (path and not is_demo(path)):
                cut_off = known_heads.begin(caseload)
                said.append(say(cut_off) if cut_off else "")
            if ready:
                ready(caseload)
            window.show_caseload(caseload, remark="  ".join(filter(None, said)))
            if then:
                then()

        def failed(error: BaseException) -> None:
            unlock.set_busy(False)
            unlock.refuse(path, login.explained(error) if login else error)
            unlock.take_focus()
            if isinstance(error, Damaged | OpenElsewhere):
                unlock.damaged.offer(error)

        unlock.set_busy(True)
        unlock.say("")
        window.work.run(what, job, done=done, failed=failed)
