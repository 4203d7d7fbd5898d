"""The command line, through the same door as the window. Exit 0 done, 1 refused in one sentence, 2 wrong usage."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trdtrack import bugs
from trdtrack.domain.message import message, plural
from trdtrack.domain.refusals import Problems, Refusal
from trdtrack.words import say, signed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trdtrack.caseload import Caseload

PASSPHRASE = "TRDTRACK_PASSPHRASE"  # noqa: S105 - the name of a variable


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

    parser = argparse.ArgumentParser(
        prog="trdtrack",
        description="Without a command: the window. The passphrase comes from the variable TRDTRACK_PASSPHRASE or "
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

    demo = command("demo", _demo, "the main job on a demo caseload: a window, or pictures, PDF and CSV")
    demo.add_argument("--out", type=Path, metavar="DIR", help="write pictures, PDF and CSV here instead")
    on_file("new", _new, "make a new encrypted caseload file")
    sub = on_file("import", _import, "take in a long CSV of patient, date and PHQ-9 total, whole or not at all")
    sub.add_argument("scores", type=Path, metavar="scores.csv")
    sub.add_argument("--dry-run", action="store_true", help="check the file, change nothing")
    sub.add_argument("--columns", type=_columns, metavar="patient=…,date=…,total=…", help="the file's column names")
    sub.add_argument("--json", action="store_true")
    on_file("patients", _patients, "list the patients").add_argument("--json", action="store_true")
    sub = on_file("summary", _summary, "say where one patient's current course stands")
    sub.add_argument("--patient", required=True, type=_code, metavar="CODE")
    sub.add_argument("--json", action="store_true")
    sub = on_file("export", _export, "write one patient's summary as PDF or scores as CSV")
    sub.add_argument("--patient", required=True, type=_code, metavar="CODE")
    sub.add_argument("--format", required=True, choices=["pdf", "csv"])
    sub.add_argument("--out", required=True, type=Path, metavar="PATH")
    sub = command("expected", _expected, "the expected course from a baseline")
    sub.add_argument("--baseline", required=True, type=int, metavar="TOTAL")
    sub.add_argument("--weeks", type=_weeks, default=(4, 8, 12, 16, 26), metavar="4,8,12,16,26")
    sub.add_argument("--json", action="store_true")
    _evidence_commands(command)
    sub = command("screens", _screens, "write every page of the demo caseload as PNG")
    sub.add_argument("--out", required=True, type=Path, metavar="DIR")
    on_file("check", _check, "check pages, references and the history chain of a file")
    command("selftest", _selftest, "try every part of this installation in a temporary folder")
    return parser


def _file(text: str) -> Path:
    if not Path(text).name:
        raise argparse.ArgumentTypeError("give the caseload file's name")
    return Path(text)


def _code(text: str) -> str:
    # Bytes that are not UTF-8 reach us as lone surrogates, which no file can hold.
    return os.fsencode(text).decode("utf-8", "replace")


def _evidence_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    evidence = command("evidence", _evidence_pool, "what trials say: pool a table of them")
    kinds = evidence.add_subparsers(required=True, metavar="pool")
    sub = kinds.add_parser("pool", help="one effect from a CSV shaped as resources/evidence/trials.csv")
    sub.add_argument("table", type=Path, metavar="FILE.csv")
    sub.add_argument("--method", choices=["PM", "REML"], default="PM", help="Paule-Mandel (as if not given) or REML")
    sub.add_argument("--json", action="store_true")
    sub = command("forecast", _forecast, "where a person is heading, from the scores so far")
    sub.add_argument(
        "--scores", required=True, type=_scores, metavar="0:19,2:18,4:15", help="week:total, baseline first"
    )
    sub.add_argument("--at", type=float, default=26.0, metavar="WEEK", help="26 if not given")
    sub.add_argument("--json", action="store_true")


def _scores(text: str) -> tuple[tuple[float, int], ...]:
    try:
        pairs = [part.split(":") for part in text.split(",")]
        return tuple((float(week), int(total)) for week, total in pairs)
    except ValueError as error:
        raise argparse.ArgumentTypeError("scores are week:total with commas between, such as 0:19,2:18") from error


def _columns(text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split(",")]
    found = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    if set(found) != {"patient", "date", "total"} or len(pairs) != 3 or not all(found.values()):
        raise argparse.ArgumentTypeError("write patient=…,date=…,total=… with the file's own column names")
    return found


def _weeks(text: str) -> tuple[float, ...]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise argparse.ArgumentTypeError("weeks are numbers with commas between, such as 4,8,12") from error
    return tuple(int(n) if n.is_integer() else n for n in numbers)


def _passphrase(arguments: argparse.Namespace, *, twice: bool = False) -> str:
    if arguments.passphrase_file:
        try:
            # Editors on Windows begin a text with a byte order mark.
            found = arguments.passphrase_file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            what = message("The passphrase file {file} cannot be read.", file=str(arguments.passphrase_file))
            raise Refusal(what) from error
        passphrase = found[0] if found else ""
    elif PASSPHRASE in os.environ:
        passphrase = os.environ[PASSPHRASE]
    elif sys.stdin is not None and sys.stdin.isatty():  # pyright: ignore[reportUnnecessaryComparison]
        passphrase = _asked(twice=twice)
    else:
        raise Refusal(message("No passphrase: set {name} or give --passphrase-file.", name=PASSPHRASE))
    if not passphrase:
        raise Refusal(message("The passphrase is empty."))
    return passphrase


def _asked(*, twice: bool) -> str:
    try:
        passphrase = getpass.getpass("Passphrase: ")
        if twice and passphrase and getpass.getpass("The same again: ") != passphrase:
            raise Refusal(message("The two passphrases are not the same."))
    except EOFError as error:
        raise Refusal(message("No passphrase was typed.")) from error
    return passphrase


def _open(arguments: argparse.Namespace) -> Caseload:
    from trdtrack.caseload import Caseload

    return Caseload.open(arguments.file, _passphrase(arguments), who=_who())


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _print_json(found: dict[str, Any]) -> None:
    # Where a letter could not be printed it is escaped, which is the same JSON; a question mark would be another.
    plain_letters = "utf" not in (getattr(sys.stdout, "encoding", None) or "").lower()
    print(json.dumps(found, indent=2, ensure_ascii=plain_letters, allow_nan=False))


def _new(arguments: argparse.Namespace) -> None:
    from trdtrack.caseload import Caseload

    Caseload.create(arguments.file, _passphrase(arguments, twice=True), who=_who()).close()
    print(f"Made {arguments.file}. Without its passphrase nobody can open it.")


def _import(arguments: argparse.Namespace) -> None:
    from trdtrack.exchange import plain
    from trdtrack.exchange.scores_import import import_edit

    caseload = _open(arguments)
    try:
        edit = import_edit(
            arguments.scores, caseload, columns=arguments.columns, at=datetime.now().astimezone(), tick=None
        )
        new_patients = sum(step.record.kind == "patient" for step in edit.steps)
        new_scores = sum(step.record.kind == "assessment" for step in edit.steps)
        if not arguments.dry_run:
            caseload.edit(edit, at=datetime.now().astimezone())
    except Refusal as refusal:
        problems = refusal.problems if isinstance(refusal, Problems) else ()
        if arguments.json:
            _print_json(plain.imported(0, 0, problems))
        else:
            for problem in problems:
                print(f"line {problem.line}, {problem.column}: {say(problem.what)}")
        raise
    finally:
        caseload.close()
    if arguments.json:
        _print_json(plain.imported(new_patients, new_scores, ()))
    else:
        counts = (plural("{n} patient", "{n} patients", new_patients), plural("{n} score", "{n} scores", new_scores))
        print(f"{'Would import' if arguments.dry_run else 'Imported'} {say(counts[0])}, {say(counts[1])}.")


def _patients(arguments: argparse.Namespace) -> None:
    from trdtrack.exchange import plain

    caseload = _open(arguments)
    try:
        found = plain.patients(caseload.rows(today=arguments.today))
    finally:
        caseload.close()
    if arguments.json:
        _print_json(found)
        return
    width = max([4, *(len(p["code"]) for p in found["patients"])])
    print(f"{'code':<{width}}  scores  baseline  latest  signal")
    for p in found["patients"]:
        baseline, latest = ("-" if p[key] is None else p[key] for key in ("baseline", "latest"))
        print(f"{p['code']:<{width}}  {p['scores']:>6}  {baseline:>8}  {latest:>6}  {p['signal'] or 'no course'}")


def _course_summary(arguments: argparse.Namespace) -> Any:
    caseload = _open(arguments)
    try:
        patient = caseload.patient_by_code(arguments.patient)
        course = caseload.current_course(patient.id)
        if course is None:
            raise Refusal(message("{code} has no course of care yet.", code=patient.code))
        return caseload.summary(course, today=arguments.today)
    finally:
        caseload.close()


def _summary(arguments: argparse.Namespace) -> None:
    from trdtrack.exchange import plain

    summary = _course_summary(arguments)
    if arguments.json:
        _print_json(plain.summary(summary))
        return
    print(f"{summary.patient.code}: {say(summary.sentence)}.")
    if summary.baseline:
        print(f"Baseline {summary.baseline.point.total}: {say(summary.baseline.rule)}.")
    if summary.benchmark:
        print(f"Benchmark: {summary.benchmark.name}, version {summary.benchmark.version}.")
    elif summary.no_benchmark:
        print(f"No benchmark: {say(summary.no_benchmark)}.")
    for point in summary.points:
        week = "" if point.week is None else f"week {point.week:.1f}"
        total = "-" if point.score.total is None else point.score.total
        base = summary.baseline.point.total if summary.baseline else None
        change = "" if base is None or point.score.total is None else signed(point.score.total - base)
        print(f"  {point.date}  {week:<10}  {total:>2}  {change:>3}  {point.score.completeness}")


def _export(arguments: argparse.Namespace) -> None:
    from trdtrack.exchange.writing import write_whole
    from trdtrack.exports import EXPORTS

    summary = _course_summary(arguments)
    if arguments.format == "pdf":
        _offscreen()
    made = EXPORTS[arguments.format].make(summary, arguments.today)
    write_whole(arguments.out, made.content)
    print(f"Wrote {arguments.out}.")
    if made.remark:
        print(say(made.remark))


def _expected(arguments: argparse.Namespace) -> None:
    from trdtrack.evidence import default_benchmark
    from trdtrack.exchange import plain

    benchmark = default_benchmark()
    rows = benchmark.table(arguments.baseline, arguments.weeks)
    if arguments.json:
        _print_json(plain.expected(arguments.baseline, rows))
        return
    print(f"{benchmark.name}, version {benchmark.version}; baseline {arguments.baseline}, PHQ-9 points")
    print("week  usual care  + psychotherapy     sd  middle 50%   middle 80%")
    for row in rows:
        print(
            f"{row.week:>4g}  {row.usual_care:>10.2f}  {row.psychotherapy:>15.2f}  {row.sd:>5.2f}"
            f"  {row.low50:>4.1f}-{row.high50:<4.1f}   {row.low80:>4.1f}-{row.high80:<4.1f}"
        )
    print("Averages of groups in trials: they do not predict one person.")


def _evidence_pool(arguments: argparse.Namespace) -> None:
    from trdtrack.domain import pooling
    from trdtrack.evidence_tables import read_trials
    from trdtrack.exchange import csv_text, evidence_text, plain

    try:
        trials = read_trials(csv_text.read_bytes(arguments.table), name=arguments.table.name)
    except Problems as refusal:
        if arguments.json:
            _print_json(plain.faults(refusal.problems))
        else:
            for problem in refusal.problems:
                print(f"line {problem.line}, {problem.column}: {say(problem.what)}")
        raise
    effects, method = pooling.effects(trials), pooling.Method(arguments.method)
    found, without = pooling.pool(effects, method), pooling.leave_one_out(effects, method)
    modalities = pooling.by_modality(effects, method)
    if arguments.json:
        _print_json(plain.pooled(found, without, modalities))
        return
    (other,) = (pooling.pool(effects, m) for m in pooling.Method if m is not method)
    for line in evidence_text.pooled(found, other, without, modalities):
        print(line)


def _forecast(arguments: argparse.Namespace) -> None:
    from trdtrack.domain.forecast import forecast
    from trdtrack.domain.records import Rules
    from trdtrack.evidence import default_benchmark
    from trdtrack.exchange import evidence_text, plain

    benchmark = default_benchmark()
    found = forecast(benchmark, arguments.scores, arguments.at, Rules())
    if arguments.json:
        _print_json(plain.forecast(found, benchmark))
        return
    for line in evidence_text.forecast(found, benchmark):
        print(line)


def _check(arguments: argparse.Namespace) -> None:
    caseload = _open(arguments)
    try:
        faults = caseload.check()
    finally:
        caseload.close()
    if faults:
        for fault in faults:
            print(fault)
        raise Refusal(plural("{n} fault was found.", "{n} faults were found.", len(faults)))
    print(f"{arguments.file} is whole: pages, references, history and records agree.")


def _offscreen() -> None:
    """Qt without a display: a command never opens a window, and without this it would abort."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from trdtrack.ui.app import application

    application()


def _screens(arguments: argparse.Namespace) -> None:
    _offscreen()
    from trdtrack.ui.screens import write_screens

    for path in write_screens(arguments.out, today=arguments.today):
        print(path)


def _demo(arguments: argparse.Namespace) -> None:
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or not sys.platform.startswith("linux")
    if display and arguments.out is None:
        from trdtrack.ui.app import run_demo

        run_demo(today=arguments.today)
        return
    _offscreen()
    from trdtrack.ui.screens import write_demo

    out = arguments.out or Path("trdtrack-demo")
    for path in write_demo(out, today=arguments.today):
        print(path)
    print(f"The demo's pictures, PDF and CSV are in {out.resolve()}.")


def _selftest(arguments: argparse.Namespace) -> None:
    _offscreen()
    from trdtrack.ui.selftest import selftest

    for done in selftest(today=arguments.today):
        print(f"ok  {done}")
