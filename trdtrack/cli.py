"""The command line, through the same door as the window. Exit 0 done, 1 refused in one sentence, 2 wrong usage."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trdtrack import bugs
from trdtrack.commands import archive, blank, caseload, evidence, generate, patient, pictures
from trdtrack.commands.opening import PASSPHRASE
from trdtrack.domain.refusals import Refusal
from trdtrack.words import say

_COLUMNS = "patient=…,date=…,total=…,items=a+b+…,difficulty=…,weeks=a:0+b:4+…"

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def main(argv: Sequence[str], *, today: date | None = None) -> int:
    """Run one command and return its exit code. No traceback ever reaches a person."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter gets a question mark, not a crash.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    try:
        arguments = _arguments(argv)
        arguments.today = today or date.today()  # noqa: DTZ011 - the day where the clinic is
        arguments.run(arguments)
        _flush()
    except Refusal as refusal:
        _complain(say(refusal.what))
    except BrokenPipeError:
        # Whoever read our output has seen enough (`| head`).
        _drop_output()
    except KeyboardInterrupt:
        _complain("Stopped; nothing half done.")
    except Exception as error:  # noqa: BLE001 - the last door: a bug is noted and said, never shown as a traceback
        if isinstance(error, OSError) and _output_is_lost():
            _complain("The output could not be written: what it goes to is full or gone.")
        else:
            _complain(f"TRDTrack itself failed ({bugs.note(error)}). Noted in {bugs.log_path()}.")
    else:
        return 0
    return 1


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    try:
        return _parser().parse_args(argv)
    finally:
        _flush()  # the help, which leaves by SystemExit


def _flush() -> None:
    if sys.stdout is not None:  # pyright: ignore[reportUnnecessaryComparison] - closed before we began
        sys.stdout.flush()


def _output_is_lost() -> bool:
    try:
        _flush()
    except OSError:
        _drop_output()
        return True
    return False


def _drop_output() -> None:
    """Let what is still unwritten go nowhere: at exit Python would try again and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(sentence: str) -> None:
    """Say one sentence on one line, whatever a file's name holds."""
    print(" ".join(sentence.split()), file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    from trdtrack import __version__
    from trdtrack.exchange.plain import NAMES
    from trdtrack.exports import EXPORTS

    parser = argparse.ArgumentParser(
        prog="trdtrack",
        description=f"Without a command: the window. The passphrase comes from the variable {PASSPHRASE} or "
        "--passphrase-file, or is asked for; it is never an argument.",
        epilog=NAMES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"TRDTrack {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], None], what: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(
            name,
            help=what,
            description=what,
            epilog=NAMES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,  # `--passphrase secret` would pass for --passphrase-file
        )
        sub.set_defaults(run=run)
        return sub

    def on_file(name: str, run: Callable[[argparse.Namespace], None], what: str) -> argparse.ArgumentParser:
        sub = command(name, run, what)
        sub.add_argument("file", type=_file, metavar="F", help="the caseload file, *.trdtrack")
        sub.add_argument("--passphrase-file", type=Path, metavar="PATH", help="a file with the passphrase in it")
        return sub

    demo = command("demo", pictures.demo, "the main job on a demo caseload: a window, or pictures, PDF and CSV")
    demo.add_argument("--out", type=Path, metavar="DIR", help="write pictures, PDF and CSV here instead")
    on_file("new", caseload.new, "make a new encrypted caseload file")
    _import_command(on_file)
    sub = on_file("archive", archive.archive, "write everything, the history included, to one file, not encrypted")
    sub.add_argument("--out", required=True, type=Path, metavar="FILE.json")
    on_file("patients", caseload.patients, "list the patients").add_argument("--json", action="store_true")
    sub = on_file("summary", patient.summary, "say where one patient's current course stands")
    sub.add_argument("--patient", required=True, type=_code, metavar="CODE")
    sub.add_argument("--json", action="store_true")
    sub = on_file("export", patient.export, "write one patient's summary as PDF or scores as CSV")
    sub.add_argument("--patient", required=True, type=_code, metavar="CODE")
    sub.add_argument("--format", required=True, choices=sorted(EXPORTS))
    sub.add_argument("--out", required=True, type=Path, metavar="PATH")
    _blank_command(on_file)
    sub = command("expected", evidence.expected, "the expected course from a baseline")
    sub.add_argument("--baseline", required=True, type=int, metavar="TOTAL")
    sub.add_argument("--weeks", type=_weeks, default=(4, 8, 12, 16, 26), metavar="4,8,12,16,26")
    sub.add_argument("--json", action="store_true")
    _evidence_commands(command)
    sub = on_file("generate", generate.generate, "make a new caseload of synthetic patients, for trying it out")
    sub.add_argument("--patients", required=True, type=_patients, metavar="N")
    sub.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed and day make the same patients")
    sub = command("screens", pictures.screens, "write every page of the demo caseload as PNG")
    sub.add_argument("--out", required=True, type=Path, metavar="DIR")
    sub = on_file("check", caseload.check, "check pages, references and the history chain of a file")
    sub.add_argument(
        "--rebuild", action="store_true", help="prove the caseload page's figures against the records, put them right"
    )
    command("selftest", pictures.selftest, "try every part of this installation in a temporary folder")
    return parser


def _file(text: str) -> Path:
    if not Path(text).name:
        raise argparse.ArgumentTypeError("give the caseload file's name")
    return Path(text)


def _code(text: str) -> str:
    # Bytes that are not UTF-8 reach us as lone surrogates, which no file can hold.
    return os.fsencode(text).decode("utf-8", "replace")


def _patients(text: str) -> int:
    from trdtrack.generate import MOST_PATIENTS

    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= MOST_PATIENTS:
        raise argparse.ArgumentTypeError(f"give a whole number of patients, 1 to {MOST_PATIENTS}")
    return number


def _blank_command(on_file: Callable[..., argparse.ArgumentParser]) -> None:
    sub = on_file("blank", blank.blank, "write a PDF with a blank PHQ-9 to print, a page for each patient")
    whose = sub.add_mutually_exclusive_group(required=True)
    whose.add_argument("--patient", action="append", type=_code, metavar="CODE", help="may be given several times")
    whose.add_argument("--all-open", action="store_true", help="every patient with an open course")
    sub.add_argument("--names", action="store_true", help="print the name beside the code")
    sub.add_argument("--paper", choices=["a4", "letter"], default="a4", help="a4 if not given")
    sub.add_argument("--out", required=True, type=Path, metavar="FILE.pdf")


def _evidence_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    on_trials = command("evidence", evidence.pool, "what trials say: pool a table of them")
    kinds = on_trials.add_subparsers(required=True, metavar="pool")
    sub = kinds.add_parser("pool", help="one effect from a CSV shaped as resources/evidence/trials.csv")
    sub.add_argument("table", type=Path, metavar="FILE.csv")
    sub.add_argument("--method", choices=["PM", "REML"], default="PM", help="Paule-Mandel (as if not given) or REML")
    sub.add_argument("--json", action="store_true")
    sub = command("forecast", evidence.forecast, "where a person is heading, from the scores so far")
    sub.add_argument(
        "--scores", required=True, type=_scores, metavar="0:19,2:18,4:15", help="week:total, baseline first"
    )
    sub.add_argument("--at", type=float, default=26.0, metavar="WEEK", help="26 if not given")
    sub.add_argument("--json", action="store_true")


def _import_command(on_file: Callable[..., argparse.ArgumentParser]) -> None:
    what = "take in PHQ-9 scores from CSV, XLSX or FHIR, whole or not at all: totals, answers, or a row a patient"
    sub = on_file("import", caseload.import_scores, what)
    sub.add_argument("scores", type=Path, metavar="FILE", help="CSV, XLSX, FHIR as JSON, or an archive of a caseload")
    sub.add_argument("--dry-run", action="store_true", help="check the file, change nothing")
    sub.add_argument("--columns", type=_columns, metavar=_COLUMNS, help="the file's column names; guessed if not given")
    sub.add_argument("--sheet", default="", metavar="NAME", help="the sheet of an XLSX; the first visible one")
    order = sub.add_mutually_exclusive_group()
    order.add_argument("--day-first", dest="day_first", action="store_const", const=True, help="03/04/2024 is 3 April")
    order.add_argument("--month-first", dest="day_first", action="store_const", const=False, help="it is 4 March")
    sub.add_argument(
        "--unknown",
        choices=["create", "skip"],
        default="create",
        help="codes no patient has: make patients, or leave out",
    )
    sub.add_argument("--json", action="store_true")


def _scores(text: str) -> tuple[tuple[float, int], ...]:
    try:
        pairs = [part.split(":") for part in text.split(",")]
        return tuple((float(week), int(total)) for week, total in pairs)
    except ValueError as error:
        raise argparse.ArgumentTypeError("scores are week:total with commas between, such as 0:19,2:18") from error


def _columns(text: str) -> dict[str, Any]:
    """Return columns by the field of `Columns` they are for; those left out are guessed."""
    pairs = [pair.partition("=") for pair in text.split(",")]
    found: dict[str, Any] = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    known = {"patient", "date", "total", "items", "difficulty", "weeks"}
    if not set(found) <= known or len(pairs) != len(found) or not all(found.values()):
        raise argparse.ArgumentTypeError(f"write {_COLUMNS} with the file's own column names")
    if "items" in found:
        found["items"] = tuple(name.strip() for name in found["items"].split("+"))
    if "weeks" in found:
        weeks = [week.rpartition(":") for week in found.pop("weeks").split("+")]
        if not all(name.strip() and when.strip() for name, _, when in weeks):
            raise argparse.ArgumentTypeError("weeks are columns with the week or the day of each: weeks=T1:0+T2:4")
        found["occasions"] = tuple((name.strip(), when.strip()) for name, _, when in weeks)
    return found


def _weeks(text: str) -> tuple[float, ...]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise argparse.ArgumentTypeError("weeks are numbers with commas between, such as 4,8,12") from error
    return tuple(int(n) if n.is_integer() else n for n in numbers)
