"""A screen reader beside the demo, as far as it goes: run by test_at_spi in the system's Python, which has pyatspi.

Starts the program (the words given), reads it from outside through AT-SPI, types with xdotool, and prints what it
found as a line of JSON.
"""

import json
import subprocess
import sys
import time
from contextlib import suppress

import pyatspi
from gi.repository import GLib

WAIT_S = 60
SETTLE_S = 0.4
DEEPEST = 30
FIRST = "1. "
TYPED = "110110101"


def until(found, what, seconds=WAIT_S):
    """Return what `found` returns once it is something; events are taken in meanwhile."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        take_in(0.1)
        # What is looked at may go meanwhile: then it is looked for again.
        with suppress(LookupError, RuntimeError, AttributeError, GLib.GError):
            if answer := found():
                return answer
    sys.exit(f"never found: {what}")


def take_in(seconds=SETTLE_S):
    """Let events come in for a while."""
    context = GLib.MainContext.default()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        while context.pending():
            context.iteration(False)
        time.sleep(0.01)


def program():
    desktop = pyatspi.Registry.getDesktop(0)
    for number in range(desktop.childCount):
        one = desktop.getChildAtIndex(number)
        if one is not None and one.name.lower().startswith("trdtrack"):
            return one
    return None


def nodes(node, deep=0):
    yield node
    if deep < DEEPEST:
        for number in range(min(node.childCount, 400)):
            child = node.getChildAtIndex(number)
            if child is not None:
                yield from nodes(child, deep + 1)


def by(name, role=None):
    """Return a function that finds a node seen, by its name's beginning and its role's name."""

    def find():
        for node in nodes(program()):
            meant = node.name.startswith(name) and (role is None or node.getRoleName() == role)
            if meant and node.getState().contains(pyatspi.STATE_SHOWING):
                return node
        return None

    return find


def press(*keys):
    for key in keys:
        subprocess.run(["xdotool", "key", "--clearmodifiers", key], check=True, timeout=20)
        take_in(0.25)


def main(command):
    heard = []
    pyatspi.Registry.registerEventListener(lambda event: heard.append(str(event.any_data)), "object:announcement")
    with subprocess.Popen(command) as ran:
        try:
            found = read(heard)
        finally:
            ran.terminate()
    sys.stdout.write(json.dumps(found) + "\n")


def read(heard):
    found = {}
    until(program, "the program")
    frame = until(lambda: program().getChildAtIndex(0), "its window")
    found["window"] = [frame.name, frame.getRoleName()]
    table = until(by("Patients", "table"), "the list of patients")
    found["list"] = [table.name, table.getRoleName()]
    cells = [table.queryTable().getAccessibleAt(row, 0) for row in range(table.queryTable().nRows)]
    found["patients"] = [cell.name for cell in cells]
    found["headings"] = [table.queryTable().getColumnDescription(n) for n in range(table.queryTable().nColumns)]
    window = subprocess.run(
        ["xdotool", "search", "--name", "TRDTrack"], check=True, capture_output=True, text=True, timeout=20
    ).stdout.split()[-1]
    subprocess.run(["xdotool", "windowfocus", window], check=True, timeout=20)
    take_in()
    press("Home", "Down", "Return")
    chart = until(by("PHQ-9 chart"), "the chart")
    found["chart"] = [chart.name, chart.getRoleName(), chart.description]
    scores = until(by("Scores", "table"), "the chart's table")
    grid = scores.queryTable()
    found["scores"] = [[grid.getAccessibleAt(row, n).name for n in range(grid.nColumns)] for row in range(grid.nRows)]
    chart.queryComponent().grabFocus()
    take_in()
    del heard[:]
    press("Left", "Left")
    found["heard of the chart"] = list(heard)
    press("l")
    first = until(by(FIRST), "the first question")
    found["question"] = [first.name, first.getRoleName()]
    del heard[:]
    press(*TYPED)
    take_in(1)
    found["heard while typing"] = list(heard)
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
