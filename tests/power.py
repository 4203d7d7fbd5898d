"""A disk of the mind: replays the writes and syncs of a program traced by strace, and says what a power cut leaves.

What was synced is kept. Of the rest nothing is (`synced`), or some of it is, in any choice (`torn`): a disk writes what
it was not told to keep whenever it likes. A new file's name counts from the sync of its folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

TRACE = ("-y", "-xx", "-s", "1000000", "-e", "trace=write,pwrite64,fsync,fdatasync,ftruncate,unlink,unlinkat,rename")
CALL = re.compile(r"^\d+ +(?P<name>\w+)\((?P<words>.*)\) += (?P<answer>-?\d+)")
ON_FILE = re.compile(r"^\d+<(?P<path>[^>]*)>")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass
class Kept:
    """One file: what is on the disk for good, and the writes since, each an offset and bytes; None bytes: cut there."""

    content: bytearray
    named: bool
    """Whether its name is on the disk for good."""
    gone: bool = False
    """Whether it was removed, the folder not being synced since."""
    former: Kept | None = None
    """The removed file of the same name, which a power cut may bring back."""
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        for change in self.waiting:
            put(self.content, change)
        self.waiting.clear()


def put(content: bytearray, change: tuple[int, bytes | None]) -> None:
    offset, data = change
    content.extend(bytes(max(0, offset - len(content))))
    if data is None:
        del content[offset:]
    else:
        content[offset : offset + len(data)] = data


class Disk:
    """A folder's files as a program changes them, call by call."""

    def __init__(self, folder: Path, files: dict[str, bytes]) -> None:
        self.folder = folder
        self.files = {name: Kept(bytearray(content), named=True) for name, content in files.items()}
        self.said = ""
        """What the program has printed."""

    def replay(self, calls: list[str]) -> Iterator[str]:
        """Take the calls one after another; yield the name of each that counted, after it."""
        for call in calls:
            found = CALL.match(call)
            assert found, f"not understood: {call[:200]}"
            if int(found["answer"]) >= 0 and self._take(found["name"], found["words"]):
                yield found["name"]

    def _take(self, name: str, words: str) -> bool:
        texts = [bytes.fromhex(text.replace("\\x", "")) for text in TEXT.findall(words)]
        if name in ("unlink", "unlinkat", "rename"):
            path = Path(texts[0].decode())
            if path.parent == self.folder and path.name in self.files:
                self.files[path.name].gone = True
            return path.parent == self.folder
        on = ON_FILE.match(words)
        if words.startswith("1<"):
            self.said += texts[0].decode()
            return True
        path = Path(bytes.fromhex(on["path"].replace("\\x", "")).decode() if "\\x" in on["path"] else on["path"])
        if path == self.folder:
            self._sync_names()
            return True
        if path.parent != self.folder or path.name.endswith((".lock", "-shm")):
            return False
        former = self.files.get(path.name)
        if former is None or former.gone:
            self.files[path.name] = Kept(bytearray(), named=False, former=former)
        file = self.files[path.name]
        numbers = [int(number) for number in re.findall(r", (\d+)(?=,|$)", words)]
        if name == "pwrite64":
            file.waiting.append((numbers[-1], texts[0]))
        elif name == "ftruncate":
            file.waiting.append((numbers[-1], None))
        elif name in ("fsync", "fdatasync"):
            file.sync()
        else:
            raise AssertionError(f"{name} of {path.name}: SQLite does not write so")
        return True

    def _sync_names(self) -> None:
        self.files = {name: file for name, file in self.files.items() if not file.gone}
        for file in self.files.values():
            file.named, file.former = True, None

    def after_power_cut(self, chance: random.Random | None) -> dict[str, bytes]:
        """Return the files a power cut leaves now; with `chance` some of what was not synced is among them."""
        found = ((name, _left(file, chance)) for name, file in self.files.items())
        return {name: content for name, content in found if content is not None}


def _left(file: Kept | None, chance: random.Random | None) -> bytes | None:
    if file is None:
        return None
    if not file.named and not (chance and chance.random() < 0.5):
        return _left(file.former, chance)
    if file.gone and chance and chance.random() < 0.5:
        return None
    content = bytearray(file.content)
    for change in file.waiting:
        if chance and chance.random() < 0.5:
            put(content, change)
    return bytes(content)
