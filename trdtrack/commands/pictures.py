"""The commands that draw: the demo, every page as a picture, and the selftest; and Qt without a display."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trdtrack.settings import THEMES

if TYPE_CHECKING:
    import argparse


def offscreen() -> None:
    """Qt without a display: a command never opens a window, and without this it would abort."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from trdtrack.ui.app import application

    application()


def demo(arguments: argparse.Namespace) -> None:
    """Show the demo caseload in a window, or write its pictures, PDF and CSV where there is no display."""
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or not sys.platform.startswith("linux")
    if display and arguments.out is None:
        from trdtrack.ui.app import run_demo

        run_demo(today=arguments.today)
        return
    offscreen()
    from trdtrack.ui.screens import write_demo

    out = arguments.out or Path("trdtrack-demo")
    for path in write_demo(out, today=arguments.today):
        print(path)
    print(f"The demo's pictures, PDF and CSV are in {out.resolve()}.")


def add_choice(sub: argparse.ArgumentParser) -> None:
    """Say where the pictures go, and which are wanted."""
    whither = sub.add_mutually_exclusive_group(required=True)
    whither.add_argument("--out", type=Path, metavar="DIR")
    what = "the manual's pictures instead, where they lie or into this folder"
    whither.add_argument("--manual", nargs="?", const="", metavar="DIR", help=what)
    sub.add_argument("--theme", nargs="+", choices=THEMES, help="in these colours; else in all")
    sub.add_argument("--scale", nargs="+", type=int, choices=(100, 200), help="text of this size in percent; else both")
    what = "de, es, fr; pseudo: every text longer; rtl: read from the right. The program's own language if not given"
    sub.add_argument("--language", default="", metavar="CODE", help=what)


def screens(arguments: argparse.Namespace) -> None:
    """Write every page of the demo caseload as a picture, or the pictures of the manual."""
    from trdtrack import locales

    if arguments.language:
        locales.speak(arguments.language)  # before the window is brought in
    offscreen()
    if arguments.manual is not None:
        from trdtrack.ui.help.manual import folder
        from trdtrack.ui.help.pictures import write_pictures

        for path in write_pictures(Path(arguments.manual) if arguments.manual else folder()):
            print(path)
        return
    from trdtrack.ui.screens import write_screens

    chosen = {"themes": arguments.theme, "sizes": arguments.scale}
    asked = {what: tuple(which) for what, which in chosen.items() if which}
    for path in write_screens(arguments.out, today=arguments.today, **asked):
        print(path)


def selftest(arguments: argparse.Namespace) -> None:
    """Try every part of this installation."""
    offscreen()
    from trdtrack.ui.selftest import selftest as trials

    for done in trials(today=arguments.today):
        print(f"ok  {done}")
