"""The command line, through the same door as the window. Exit 0 done, 1 refused in one sentence, 2 wrong usage."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from trdtrack import bugs
from trdtrack.commands import (
    archive,
    backups,
    blank,
    caseload,
    clinic,
    evidence,
    exporting,
    generate,
    keys,
    outcomes,
    patient,
    pictures,
    service_report,
    words,
)
from trdtrack.commands.opening import NEW_PASSPHRASE, PASSPHRASE
from trdtrack.domain.refusals import Refusal
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class _OutputLost(Exception):  # noqa: N818 - what happened, not what is wrong here
    """What the output goes to is full or gone."""


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
        if isinstance(error, _OutputLost) or (isinstance(error, OSError) and _output_is_lost()):
            _drop_output()
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
    """Write out what was printed. A second try may find nothing left to write: the first failure is the one to tell."""
    try:
        if sys.stdout is not None:  # pyright: ignore[reportUnnecessaryComparison] - closed before we began
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _OutputLost from error


def _output_is_lost() -> bool:
    try:
        _flush()
    except (_OutputLost, BrokenPipeError):
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

    parser = argparse.ArgumentParser(
        prog="trdtrack",
        description="Without a command: the window. The passphrase, or the recovery key, comes from the variable "
        f"{PASSPHRASE} or --passphrase-file, or is asked for; it is never an argument.",
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
        sub.add_argument(
            "file", type=words.place, metavar="F", help="the caseload file, *.trdtrack, or a server's address"
        )
        sub.add_argument("--passphrase-file", type=Path, metavar="PATH", help="a file with the passphrase in it")
        words.password(sub)
        return sub

    def of_file(name: str, run: Callable[[argparse.Namespace], None], what: str) -> argparse.ArgumentParser:
        sub = command(name, run, what)
        sub.add_argument("file", type=words.file, metavar="F", help="the caseload file, *.trdtrack")
        sub.add_argument("--passphrase-file", type=Path, metavar="PATH", help="a file with the passphrase in it")
        return sub

    demo = command("demo", pictures.demo, "the main job on a demo caseload: a window, or pictures, PDF and CSV")
    demo.add_argument("--out", type=Path, metavar="DIR", help="write pictures, PDF and CSV here instead")
    of_file("new", caseload.new, "make a new encrypted caseload file")
    _import_command(on_file)
    sub = on_file("archive", archive.archive, "write everything, the history included, to one file, not encrypted")
    words.out(sub, "FILE.json")
    on_file("patients", caseload.patients, "list the patients").add_argument("--json", action="store_true")
    sub = on_file("summary", patient.summary, "say where one patient's current course stands")
    sub.add_argument("--patient", required=True, type=words.code, metavar="CODE")
    sub.add_argument("--json", action="store_true")
    what = "what closed courses of care achieved, against the evidence; which ones may be chosen"
    sub = on_file("outcomes", outcomes.outcomes, what)
    outcomes.add_choice(sub)
    sub.add_argument("--json", action="store_true")
    _service_command(on_file)
    _export_command(on_file)
    _blank_command(on_file)
    sub = command("expected", evidence.expected, "the expected course from a baseline")
    sub.add_argument("--baseline", required=True, type=int, metavar="TOTAL")
    sub.add_argument("--weeks", type=words.weeks, default=(4, 8, 12, 16, 26), metavar="4,8,12,16,26")
    sub.add_argument("--json", action="store_true")
    _evidence_commands(command)
    sub = of_file("generate", generate.generate, "make a new caseload of synthetic patients, for trying it out")
    sub.add_argument("--patients", required=True, type=words.patients, metavar="N")
    sub.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed and day make the same patients")
    pictures.add_choice(command("screens", pictures.screens, "write every page of the demo caseload as PNG"))
    sub = on_file("check", caseload.check, "check pages, references and the history chain of a file")
    sub.add_argument(
        "--rebuild", action="store_true", help="prove the caseload page's figures against the records, put them right"
    )
    _backup_commands(on_file, of_file)
    _key_commands(of_file)
    clinic.parse(command)
    command("selftest", pictures.selftest, "try every part of this installation in a temporary folder")
    return parser


def _backup_commands(
    on_file: Callable[..., argparse.ArgumentParser], of_file: Callable[..., argparse.ArgumentParser]
) -> None:
    sub = on_file("backup", backups.backup, "make an encrypted backup of a caseload and prove it, or list them")
    sub.add_argument("--to", type=Path, metavar="DIR", help="in this folder; else where the window makes them")
    sub.add_argument("--list", action="store_true", help="list the backups, each opened and checked")
    sub = of_file("restore", backups.restore, "put a backup in the place of a caseload, which is backed up first")
    sub.add_argument("--from", dest="backup", required=True, type=Path, metavar="BACKUP")
    where = sub.add_mutually_exclusive_group()
    where.add_argument("--out", type=Path, metavar="NEW", help="make a new caseload of it instead")
    where.add_argument("--preview", action="store_true", help="say what would differ, change nothing")


def _key_commands(of_file: Callable[..., argparse.ArgumentParser]) -> None:
    sub = of_file(
        "passphrase", keys.passphrase, "change the passphrase; the old one and the recovery key are void then"
    )
    what = f"a file with the new passphrase in it; if not given, the variable {NEW_PASSPHRASE}, or it is asked for"
    sub.add_argument("--new-passphrase-file", type=Path, metavar="PATH", help=what)
    sub = of_file("recovery", keys.recovery, "write the recovery sheet: the key that opens the file, to be printed")
    words.paper(sub)
    words.out(sub, "FILE.pdf")


def _blank_command(on_file: Callable[..., argparse.ArgumentParser]) -> None:
    sub = on_file("blank", blank.blank, "write a PDF with a blank PHQ-9 to print, a page for each patient")
    whose = sub.add_mutually_exclusive_group(required=True)
    whose.add_argument("--patient", action="append", type=words.code, metavar="CODE", help="may be given several times")
    whose.add_argument("--all-open", action="store_true", help="every patient with an open course")
    sub.add_argument("--names", action="store_true", help="print the name beside the code")
    words.paper(sub)
    words.out(sub, "FILE.pdf")


def _service_command(on_file: Callable[..., argparse.ArgumentParser]) -> None:
    from trdtrack.exports import SERVICE

    what = "write the outcomes of closed courses for others: de-identified, small numbers hidden, with definitions"
    sub = on_file("service-report", service_report.service_report, what)
    outcomes.add_choice(sub)
    sub.add_argument("--format", choices=sorted(SERVICE), default="pdf", help="pdf if not given")
    words.paper(sub)
    words.out(sub, "PATH")


def _export_command(on_file: Callable[..., argparse.ArgumentParser]) -> None:
    from trdtrack.exports import EXPORTS

    sub = on_file("export", exporting.export, "write what leaves the program: papers, letters, tables, FHIR")
    whose = sub.add_mutually_exclusive_group(required=True)
    whose.add_argument("--patient", action="append", type=words.code, metavar="CODE", help="may be given several times")
    whose.add_argument("--all", action="store_true", help="every patient; json: the archive of everything")
    sub.add_argument("--format", required=True, choices=sorted(EXPORTS))
    sub.add_argument("--no-names", action="store_true", help="the code alone")
    sub.add_argument("--de-identified", action="store_true", help="supervision: no code, name, day or words of anybody")
    sub.add_argument("--to", choices=["gp", "prescriber", "referrer", "other"], default="gp", help="letter: gp")
    risk = sub.add_mutually_exclusive_group()
    risk.add_argument("--risk", dest="risk", action="store_const", const=True, help="letter: with the risk reviews")
    risk.add_argument("--no-risk", dest="risk", action="store_const", const=False, help="without; as usual but to a GP")
    words.paper(sub)
    words.out(sub, "PATH", "a new folder where each of several patients has a file")


def _evidence_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    on_trials = command("evidence", evidence.pool, "what trials say: pool a table of them")
    kinds = on_trials.add_subparsers(required=True, metavar="pool")
    sub = kinds.add_parser("pool", help="one effect from a CSV shaped as resources/evidence/trials.csv")
    sub.add_argument("table", type=Path, metavar="FILE.csv")
    sub.add_argument("--method", choices=["PM", "REML"], default="PM", help="Paule-Mandel (as if not given) or REML")
    sub.add_argument("--json", action="store_true")
    sub = command("forecast", evidence.forecast, "where a person is heading, from the scores so far")
    sub.add_argument(
        "--scores", required=True, type=words.scores, metavar="0:19,2:18,4:15", help="week:total, baseline first"
    )
    sub.add_argument("--at", type=float, default=26.0, metavar="WEEK", help="26 if not given")
    sub.add_argument("--json", action="store_true")


def _import_command(on_file: Callable[..., argparse.ArgumentParser]) -> None:
    what = "take in PHQ-9 scores from CSV, XLSX or FHIR, whole or not at all: totals, answers, or a row a patient"
    sub = on_file("import", caseload.import_scores, what)
    sub.add_argument("scores", type=Path, metavar="FILE", help="CSV, XLSX, FHIR as JSON, or an archive of a caseload")
    sub.add_argument("--dry-run", action="store_true", help="check the file, change nothing")
    sub.add_argument(
        "--columns", type=words.columns, metavar=words.COLUMNS, help="the file's column names; guessed if not given"
    )
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
