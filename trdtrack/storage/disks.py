"""Whether a folder lies on another computer's disk, where SQLite's write-ahead log does not work."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
NETWORK = frozenset({"9p", "afs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.rclone"}) | frozenset(
    {"fuse.sshfs", "ncpfs", "nfs", "nfs4", "smb2", "smb3", "smbfs", "virtiofs", "vboxsf"}
)
"""File systems of Linux that bring another computer's files, or a host's into a virtual machine."""


def on_network(path: Path) -> bool:
    """Whether a file lies on a network file system, by the longest mount point above it. Known on Linux only.

    On Windows and macOS the answer is no: untried there, and the lock beside the file keeps other computers out.
    """
    if not sys.platform.startswith("linux"):
        return False
    above = {str(folder) for folder in path.resolve().parents}
    kind, longest = "", -1
    with suppress(OSError):
        for line in MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
            _device, where, of_kind, *_options = line.split(" ")
            for code, letter in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
                where = where.replace(code, letter)
            # Of two mounts on one place the later one counts.
            if where in above and len(where) >= longest:
                kind, longest = of_kind, len(where)
    return kind in NETWORK
