"""The README's first session by keys alone, from the first start to the chart and the PDF; run by test_keys_only.

Runs in the system's Python under a virtual screen with a window manager. Keys go through the screen as a keyboard's do;
where the focus is and what is shown is read through AT-SPI. There is no mouse. Prints a line of JSON.
"""

import json
import subprocess
import sys
from pathlib import Path

import pyatspi
from at_spi_reader import by, press, program, take_in, until

PASSPHRASE = "seven dry tulips"
ANSWERS = "233213201"
MOST_TABS = 80
focused = []


def write(text):
    subprocess.run(["xdotool", "type", "--delay", "25", text], check=True, timeout=60)
    take_in()


def note(event):
    if event.detail1:
        focused.append(event.source)


def at():
    """Return the name of what has the focus, as far as it was told."""
    return focused[-1].name if focused else ""


def go_to(name):
    """Tab until the focus is on what has this name."""
    for _ in range(MOST_TABS):
        if at().startswith(name):
            return
        press("Tab")
    sys.exit(f"Tab never came to {name}; it was last at {at()}")


def course():
    """Return what the chart says of the course."""
    return by("PHQ-9 chart")().description


def main(words):
    folder, *command = words
    pyatspi.Registry.registerEventListener(note, "object:state-changed:focused")
    with subprocess.Popen(["openbox"]) as manager, subprocess.Popen(command) as ran:
        try:
            found = session(Path(folder))
            found["ended"] = ran.wait(20)
        finally:
            ran.terminate()
            manager.terminate()
    sys.stdout.write(json.dumps(found) + "\n")


def session(folder):
    found = {}
    until(program, "the program")
    until(by("New caseload"), "the first page")
    take_in(1)
    go_to("New caseload")
    press("Return")
    until(by("Make the caseload"), "the page for a new caseload")
    write(str(folder / "clinic"))
    press("Return")
    write(PASSPHRASE)
    press("Tab")
    write(PASSPHRASE)
    press("Return")
    until(lambda: by("This caseload is empty")() or by("Recovery")(), "the new caseload")
    take_in(1)
    press("Escape")  # the recovery sheet, which wants a printer
    until(by("This caseload is empty"), "the empty caseload")
    take_in()
    press("ctrl+n")
    until(by("Name (optional)"), "the form for a patient")
    write("A-003")
    press("ctrl+Return")
    until(by("PHQ-9 chart"), "the patient's page")
    press("l")
    until(by("1. "), "the nine questions")
    write(ANSWERS)
    press("ctrl+Return")
    until(lambda: "PHQ-9 17" in course(), "the score on the chart")
    found["chart"] = course()
    press("ctrl+z")
    until(lambda: "PHQ-9 17" not in course(), "the score taken back")
    press("ctrl+shift+z")
    until(lambda: "PHQ-9 17" in course(), "the score again")
    go_to("Forecast to week 26")
    press("space")
    go_to("Scores")
    press("x")
    until(by("Save as"), "the form for an export")
    press("ctrl+Return")
    name_file(folder / "summary.pdf")
    until((folder / "summary.pdf").exists, "the PDF")
    take_in(1)
    see_the_help()
    press("ctrl+l")
    until(by("Passphrase or recovery key"), "the lock")
    take_in()
    press("ctrl+q")
    return found


def see_the_help():
    """Open the manual and the sheet of keys, and leave them."""
    press("F1")
    until(by("Search the help"), "the manual")
    press("Escape")
    press("question")
    until(by("Find a key"), "the sheet of keys")
    press("Escape")


def name_file(path):
    """Answer the box that asks for a file."""
    until(by("File name"), "the box for a file")
    take_in(0.5)
    press("ctrl+a")
    write(str(path))
    press("Return")


if __name__ == "__main__":
    main(sys.argv[1:])
