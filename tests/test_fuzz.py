"""Whatever a file holds, its reader takes it or refuses in a sentence: no other error, no hang, nothing written.

TRDTRACK_LONG=1 tries many more. Where a run decides what lands (CI), the same examples are drawn every time.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
import time
import zipfile
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trdtrack import words
from trdtrack.caseload import Caseload
from trdtrack.demo import make_demo
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import KINDS, Assessment, Course, Patient
from trdtrack.domain.refusals import Problems, Refusal
from trdtrack.evidence import parse_benchmark
from trdtrack.evidence_tables import read_published, read_trials
from trdtrack.exchange.archive import SECTIONS, _Checksum, is_archive, take_archive, write_archive
from trdtrack.exchange.fhir_in import examine_fhir
from trdtrack.exchange.score_file import Unknown
from trdtrack.exchange.scores_import import import_edit
from trdtrack.paths import resources
from trdtrack.storage import cipher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONG = bool(os.environ.get("TRDTRACK_LONG"))
EXAMPLES = 1500 if LONG else 60
SLOWEST = 20.0
AT = datetime(2026, 11, 20, 9, 30).astimezone()
PASSPHRASE = "six small lamps"
NASTY = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b",", b";", b"\t", b"\r", b"\n", b"\\", b"{", b"}", b"[", b"]",
    b"=1+1", b"-1", b"28", b"1e999", b"NaN", b"-Infinity", b"9" * 400, b"0001-01-01", b"9999-12-31", b"2026-02-30",
    b"\xed\xa0\x80", b"\xe2\x80\xa8", "\u0665".encode(), b"null", b"true", b"[" * 3000, b'{"a":' * 500, b"\x1b[2J",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"../../", b"__proto__", b"%s%n", b"inf", b"nan",
)  # fmt: skip
CHANGES = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 40),
        st.one_of(st.sampled_from(NASTY), st.binary(max_size=12), st.just(b"")),
    ),
    min_size=1,
    max_size=6,
)
"""Where, as a share of the file, how many bytes go, and what comes in their place."""


def spoilt(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for where, gone, instead in changes:
        at = int(where * len(data))
        data = data[:at] + instead + data[at + gone :]
    return data


def tried(examples: int = EXAMPLES) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(max_examples=examples)


@contextmanager
def only_refused() -> Iterator[None]:
    """Nothing but a refusal, in one sentence with all its fields, and in time."""
    start, refused = time.monotonic(), None
    try:
        yield
    except Refusal as refusal:
        refused = refusal
    assert time.monotonic() - start < SLOWEST
    assert refused is None or words.say(refused.what).strip()
    if isinstance(refused, Problems):
        assert all(words.say(problem.what).strip() for problem in refused.problems)


@pytest.fixture(scope="module")
def caseload(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caseload]:
    """A caseload with one patient."""
    path = tmp_path_factory.mktemp("fuzz") / "a.trdtrack"
    with closing(Caseload.create(path, PASSPHRASE, who="x")) as made:
        patient = Patient(code="A-1")
        course = Course(patient=patient.id)
        score = Assessment(patient=patient.id, course=course.id, date=AT.date(), total=12, entered=AT)
        made.edit(added(message("Add"), patient, course, score), at=AT)
        yield made


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caseload]:
    """A caseload nothing is in."""
    with closing(Caseload.create(tmp_path_factory.mktemp("fuzz") / "b.trdtrack", PASSPHRASE, who="x")) as made:
        yield made


def held(caseload: Caseload) -> list[object]:
    return [caseload.records(kind) for kind in KINDS] + [p.name for p in sorted(caseload.path.parent.iterdir())]


@contextmanager
def file_of(data: bytes, ending: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"given.{ending}"
        path.write_bytes(data)
        yield path
        assert path.read_bytes() == data
        assert [p.name for p in path.parent.iterdir()] == [path.name]


def read_scores(data: bytes, ending: str, caseload: Caseload) -> None:
    before = held(caseload)
    with file_of(data, ending) as path, only_refused():
        if ending == "json":
            examine_fhir(path, caseload, unknown=Unknown.CREATE, match={}, at=AT).refuse()
        else:
            import_edit(path, caseload, columns=None, at=AT, tick=None)
    assert held(caseload) == before


CSV = (
    b"patient,date,total\nA-1,2026-11-10,14\nB-2,2026-11-10,20\n",
    "Klient;Datum;i1;i2;i3;i4;i5;i6;i7;i8;i9\nZoë;10.11.2026;1;2;3;0;1;2;3;0;1\n".encode("cp1252"),
    "code\t2026-09-01\t2026-10-01\nA-1\t14\t\nB-2\t20\t9\n".encode("utf-16"),
)


@given(data=st.one_of(st.builds(spoilt, st.sampled_from(CSV), CHANGES), st.binary(max_size=300)))
@tried()
def test_csv(caseload: Caseload, data: bytes) -> None:
    read_scores(data, "csv", caseload)


FHIR = json.dumps(
    {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"resource": {"resourceType": "Patient", "id": "a", "identifier": [{"value": "A-1"}]}},
            {
                "resource": {
                    "resourceType": "Observation",
                    "status": "final",
                    "code": {"coding": [{"system": "http://loinc.org", "code": "44261-6"}]},
                    "subject": {"reference": "Patient/a"},
                    "effectiveDateTime": "2026-11-10T09:30:00+01:00",
                    "valueInteger": 14,
                }
            },
            {
                "resource": {
                    "resourceType": "QuestionnaireResponse",
                    "status": "completed",
                    "questionnaire": "http://loinc.org/q/44249-1",
                    "subject": {"reference": "Patient/a"},
                    "authored": "2026-11-12",
                    "item": [{"linkId": "/44250-9", "answer": [{"valueInteger": 2}]}],
                }
            },
        ],
    }
).encode()


@given(changes=CHANGES)
@tried()
def test_fhir(caseload: Caseload, changes: list[tuple[float, int, bytes]]) -> None:
    read_scores(spoilt(FHIR, changes), "json", caseload)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["resourceType", "entry", "resource", "item", "answer", "linkId", "subject", "authored"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(entries=st.lists(JSON, max_size=3), kind=st.sampled_from(["QuestionnaireResponse", "Observation", "Patient"]))
@tried()
def test_fhir_of_another_shape(caseload: Caseload, entries: list[object], kind: str) -> None:
    shaped = [{"resource": {**one, "resourceType": kind}} if isinstance(one, dict) else one for one in entries]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": shaped}
    read_scores(json.dumps(bundle).encode("utf-8", "surrogatepass"), "json", caseload)


def repacked(data: bytes, member: int, changes: list[tuple[float, int, bytes]]) -> bytes:
    """A workbook with one of the files in it spoilt."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        for name in names:
            content = old.read(name)
            new.writestr(name, spoilt(content, changes) if name == names[member % len(names)] else content)
    return out.getvalue()


def workbook() -> bytes:
    import openpyxl  # noqa: PLC0415 - late: heavy

    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["patient", "date", "total"], ["A-1", datetime(2026, 11, 10), 14], ["B-2", "2026-11-10", "=7+7"]):  # noqa: DTZ001
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


XLSX = workbook()


@given(member=st.integers(0, 20), changes=CHANGES, inside=st.booleans())
@tried()
def test_xlsx(caseload: Caseload, member: int, changes: list[tuple[float, int, bytes]], inside: bool) -> None:
    read_scores(repacked(XLSX, member, changes) if inside else spoilt(XLSX, changes), "xlsx", caseload)


class Archive(bytes):
    """An archive's bytes, which no report of a failure spells out."""

    def __repr__(self) -> str:
        return f"<archive of {len(self)} bytes>"


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("archived")
    with closing(make_demo(at=AT, folder=folder)) as demo:
        write_archive(folder / "all.json", demo, at=AT)
    return Archive((folder / "all.json").read_bytes())


@given(changes=CHANGES)
@tried(EXAMPLES // 3)
def test_archive(empty: Caseload, archived: Archive, changes: list[tuple[float, int, bytes]]) -> None:
    before = held(empty)
    with file_of(spoilt(archived, changes), "json") as path, only_refused():
        if is_archive(path):
            take_archive(path, empty, dry_run=True)
    assert held(empty) == before


@given(which=st.integers(0, 10**6), field=st.integers(0, 60), value=st.one_of(JSON, st.sampled_from(NASTY).map(repr)))
@tried(EXAMPLES // 3)
def test_archive_with_a_right_checksum(
    empty: Caseload, archived: Archive, which: int, field: int, value: object
) -> None:
    """One field of one entry is another value, and the checksum is as if it had been written so."""
    content = json.loads(archived)
    sections = [name for name in SECTIONS if content[name]]
    entries = content[sections[which % len(sections)]]
    entry = entries[which // len(sections) % len(entries)]
    entry[sorted(entry)[field % len(entry)]] = value
    check = _Checksum(content["version"], content["file_version"])
    for name in SECTIONS:
        for one in content[name]:
            check.add(name, one)
    content["checksum"] = check.value()
    before = held(empty)
    with file_of(json.dumps(content).encode(), "json") as path, only_refused():
        take_archive(path, empty, dry_run=True)
    assert held(empty) == before


@given(changes=CHANGES)
@tried()
def test_benchmark(changes: list[tuple[float, int, bytes]]) -> None:
    for file in ("adjunctive-trd.toml", "self-rated-pooled.toml"):
        text = spoilt((resources() / "evidence" / file).read_bytes(), changes).decode("utf-8", "replace")
        with only_refused():
            parse_benchmark(text, file="own.toml")


@given(changes=CHANGES)
@tried()
def test_evidence_tables(changes: list[tuple[float, int, bytes]]) -> None:
    for file, read in (("trials.csv", read_trials), ("pooled.csv", read_published)):
        with only_refused():
            read(spoilt((resources() / "evidence" / file).read_bytes(), changes), name="own.csv")


@given(changes=CHANGES, cut=st.one_of(st.none(), st.integers(0, 40)))
@tried(EXAMPLES // 4)
def test_caseload_file(caseload: Caseload, changes: list[tuple[float, int, bytes]], cut: int | None) -> None:
    """Its head, with the salt and the first page, spoilt, or the file cut short: always noticed, never written to."""
    whole = WHOLE.setdefault(caseload.path, closed_copy(caseload))
    data = spoilt(whole[: cipher.PAGE], changes)[: cipher.PAGE].ljust(cipher.PAGE, b"\0") + whole[cipher.PAGE :]
    data = data if cut is None else data[: cut * cipher.PAGE]
    if data == whole:
        return
    with file_of(data, "trdtrack") as path, only_refused(), pytest.raises(Refusal) as refused:
        Caseload.open(path, PASSPHRASE, who="x")
    assert words.say(refused.value.what).strip()


def closed_copy(caseload: Caseload) -> bytes:
    """The file as it is when nobody has it open."""
    with caseload._store.alone() as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return caseload.path.read_bytes()


WHOLE: dict[Path, bytes] = {}
