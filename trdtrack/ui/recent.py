"""The caseloads opened before, to choose one from: servers first, then files, each the latest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from trdtrack import settings
from trdtrack.ui import theme
from trdtrack.words import _

if TYPE_CHECKING:
    from pathlib import Path


class RecentPlaces(theme.Choice):
    """A drop-down list of what this computer remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Caseload"))

    def fill(self) -> None:
        """List what is remembered now."""
        self.clear()
        for server in settings.servers():
            self._add(self.count(), server)
        for entry in settings.recent():
            self._add(self.count(), entry)

    def _add(self, place: int, entry: settings.Recent | settings.Server) -> None:
        of_server = isinstance(entry, settings.Server)
        name = entry.address.name if of_server else entry.path.name
        if of_server and entry.address.user:
            name = _("{name} as {login}").format(name=name, login=entry.address.user)
        self.insertItem(place, name, entry)
        tip = entry.address.text if of_server else str(entry.path)
        self.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)

    def choose(self, path: Path) -> None:
        """Turn to a file, new to the list or not."""
        entry = settings.Recent(path, settings.identity_of(path))
        listed = [self.itemData(number) for number in range(self.count())]
        if entry not in listed:
            self._add(0, entry)
            listed.insert(0, entry)
        self.setCurrentIndex(listed.index(entry))

    @property
    def chosen(self) -> settings.Recent | settings.Server | None:
        """What is chosen; None where the list is empty."""
        return self.currentData()
