"""The archive: an empty caseload filled from one is equal, history included; what does not fit is refused whole."""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from trdtrack.caseload import Caseload
from trdtrack.demo import make_demo
from trdtrack.domain.edit import added, altered, sent, withdrawn
from trdtrack.domain.message import message
from trdtrack.domain.records import KINDS, BenchmarkFile, Event, Letter, Patient, Rules
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange import json_parts
from trdtrack.exchange.archive import is_archive, take_archive, write_archive
from trdtrack.paths import resources
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
LATER = datetime(2026, 5, 5, 10, tzinfo=UTC)
PASSPHRASE = "six small lamps"
SCHEMA = json.loads((resources() / "archive.schema.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caseload]:
    """The demo caseload with every kind of record, corrections, an undo, a move, an erased patient and drafts."""
    with closing(make_demo(at=AT, folder=tmp_path_factory.mktemp("lived"))) as caseload:
        first, second, third, *_ = caseload.patients()
        caseload.edit(added(message("Add"), Patient(code="Zoë \U0001f331 1", notes='a "quoted"\nline\u2028end')), at=AT)
        caseload.undo(at=AT)
        caseload.redo(at=AT)
        caseload.edit(altered(message("Correct"), first, replace(first, name="Zoë", notes="")), at=AT)
        caseload.edit(withdrawn(caseload.assessments(second.id)[-1], "typed twice"), at=AT)
        caseload.edit(altered(message("Set rules"), *_rules(caseload)), at=AT)
        own = BenchmarkFile(name="own", version="1", text=_benchmark_text())
        caseload.edit(added(message("Add benchmark"), own), at=AT)
        clinic = caseload.clinic()
        kept = bool(caseload.records("clinic"))
        changed = replace(clinic, emergency="0800 1110111")
        edit = altered(message("Set clinic"), clinic, changed) if kept else added(message("Set clinic"), changed)
        caseload.edit(edit, at=AT)
        event = Event(patient=first.id, date=AT.date(), text="moved house", entered=AT)
        caseload.edit(added(message("Log event"), event), at=AT)
        about = caseload.current_course(first.id)
        assert about
        letter = Letter(patient=first.id, course=about.id, date=AT.date(), text="Dear Dr Zoë,\n\n{x}", entered=AT)
        caseload.edit(added(message("Write letter"), letter), at=AT)
        caseload.edit(sent(letter, AT), at=AT)
        caseload.erase(third.id, at=AT)
        caseload.keep_draft("log:1", patient=first.id, text='{"note": "half a säntence"}', at=AT)
        caseload.keep_draft("person", patient="", text="", at=AT)
        yield caseload


def _rules(caseload: Caseload) -> tuple[Rules, Rules]:
    if not caseload.records("rules"):
        caseload.edit(added(message("Set rules"), Rules()), at=AT)
    return caseload.rules(), replace(caseload.rules(), reliable_change=8)


def _benchmark_text() -> str:
    (text, *_) = (path.read_text("utf-8") for path in sorted((resources() / "evidence").glob("*.toml")))
    text = re.sub(r'^name = ".*"', 'name = "own"', text, flags=re.MULTILINE)
    return re.sub(r'^version = ".*"', 'version = "1"', text, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def archive(lived: Caseload, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("archive") / "a.json"
    write_archive(path, lived, at=AT)
    return path.read_bytes()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Caseload]:
    with closing(Caseload.create(tmp_path / "new.trdtrack", PASSPHRASE, who="Dr New")) as caseload:
        yield caseload


@pytest.fixture
def refused(tmp_path: Path, empty: Caseload) -> Callable[[bytes], str]:
    """The sentence with which these bytes are refused, nothing of them being taken in."""

    def refused(content: bytes) -> str:
        path = tmp_path / "a.json"
        path.write_bytes(content)
        with pytest.raises(Refusal) as caught:
            take_archive(path, empty)
        with empty.contents() as (count, _):
            assert count == 0
        assert empty.gists() == []
        assert empty.find("a") == []
        said = say(caught.value.what)
        assert "\n" not in said
        return said

    return refused


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def resealed(content: dict[str, Any]) -> bytes:
    """An archive whose checksum fits what it holds, worked out as the schema tells it."""
    lines = [canonical(["trdtrack-archive", content["version"], content["file_version"]])]
    lines += [canonical([name, one]) for name in ("records", "history", "drafts") for one in content[name]]
    content["checksum"] = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    return json.dumps(content, ensure_ascii=False).encode()


def spoilt(archive: bytes, spoil: Callable[[dict[str, Any]], object]) -> bytes:
    content = json.loads(archive)
    spoil(content)
    return resealed(content)


def conforms(value: Any, rule: dict[str, Any]) -> bool:
    """Whether a value is what JSON Schema says, as far as the archive's schema uses it."""
    if ref := rule.get("$ref"):
        return conforms(value, SCHEMA["$defs"][ref.removeprefix("#/$defs/")])
    types = {"string": str, "integer": int, "boolean": bool, "null": type(None), "array": list, "object": dict}
    allowed = rule.get("type", list(types))
    if type(value) not in {types[name] for name in ([allowed] if isinstance(allowed, str) else allowed)}:
        return False
    known = {"$schema", "title", "description", "type", "properties", "required", "additionalProperties", "$defs"}
    known |= {"items", "enum", "const", "pattern", "format", "minimum", "anyOf", "oneOf"}
    assert not rule.keys() - known
    if isinstance(value, dict) and "properties" in rule:
        named = rule["properties"]
        assert rule["additionalProperties"] is False
        if not set(rule.get("required", ())) <= set(value) <= set(named):
            return False
        if not all(conforms(one, named[name]) for name, one in value.items()):
            return False
    return (
        ("const" not in rule or value == rule["const"])
        and ("enum" not in rule or value in rule["enum"])
        and ("pattern" not in rule or re.search(rule["pattern"], value) is not None)
        and ("minimum" not in rule or value >= rule["minimum"])
        and ("anyOf" not in rule or any(conforms(value, one) for one in rule["anyOf"]))
        and ("oneOf" not in rule or sum(conforms(value, one) for one in rule["oneOf"]) == 1)
        and ("items" not in rule or all(conforms(one, rule["items"]) for one in value))
    )


def test_an_empty_caseload_becomes_an_equal_one(lived: Caseload, archive: bytes, empty: Caseload, tmp_path: Path):
    (tmp_path / "a.json").write_bytes(archive)
    told = []
    empty.tell = told.append
    taken = take_archive(tmp_path / "a.json", empty)
    assert [touched.everything for touched in told] == [True]
    for kind in KINDS:
        assert {r.id: r for r in empty.records(kind)} == {r.id: r for r in lived.records(kind)}, kind
    assert empty.history(limit=10_000) == lived.history(limit=10_000)
    assert len(empty.history(limit=10_000)) > 200
    assert any(line.erased for line in empty.history(limit=10_000))
    for patient in lived.patients():
        assert empty.history(patient.id) == lived.history(patient.id)
    assert empty.drafts() == lived.drafts()
    assert len(empty.drafts()) == 2
    assert empty.check() == ()
    assert empty.rebuild() == []
    assert sorted(empty.gists()) == sorted(lived.gists())
    assert [found.record for found in empty.find("Zoë")] == [found.record for found in lived.find("Zoë")] != []
    assert (empty.can_undo(), empty.can_redo()) == (None, None)
    again = tmp_path / "again.json"
    assert write_archive(again, empty, at=LATER) == taken.total()
    assert again.read_bytes() == archive.replace(AT.isoformat().encode(), LATER.isoformat().encode(), 1)


def test_work_goes_on_where_the_history_ends(archive: bytes, empty: Caseload, tmp_path: Path):
    (tmp_path / "a.json").write_bytes(archive)
    take_archive(tmp_path / "a.json", empty)
    last = empty.history(limit=1)[0]
    new = Patient(code="NEW-1")
    empty.edit(added(message("Add"), new), at=LATER)
    line = empty.history(limit=1)[0]
    assert (line.number, line.edit, line.who) == (last.number + 1, last.edit + 1, "Dr New")
    assert empty.check() == ()
    empty.undo(at=LATER)
    assert empty.check() == ()
    with pytest.raises(Refusal):
        empty.patient(new.id)


def test_a_real_archive_is_what_the_schema_says(archive: bytes):
    content = json.loads(archive)
    assert conforms(content, SCHEMA)
    assert {record["kind"] for record in content["records"]} == set(KINDS)
    for spoil in (
        lambda c: c["records"][0].pop("kind"),
        lambda c: c["records"][0].update(colour="red"),
        lambda c: c["history"][0].pop("about"),
        lambda c: c["drafts"][0].update(at="today"),
        lambda c: c.pop("checksum"),
    ):
        content = json.loads(archive)
        spoil(content)
        assert not conforms(content, SCHEMA)


def test_the_schema_names_every_field_of_every_kind():
    for kind, record in KINDS.items():
        described = SCHEMA["$defs"][kind]
        assert list(described["properties"]) == ["kind", *(f.name for f in fields(record))], kind
        assert described["required"] == list(described["properties"]), kind


def test_the_checksum_and_the_chain_are_as_the_schema_tells(archive: bytes):
    content = json.loads(archive)
    assert json.loads(resealed(json.loads(archive)))["checksum"] == content["checksum"]
    previous = "0" * 64
    for line in content["history"]:
        if line["salt"] is not None:
            why = f"\0{line['why']}" if line["why"] else ""
            text = f"{line['salt']}{line['before'] or ''}\0{line['after'] or ''}{why}"
            assert hashlib.sha256(text.encode()).hexdigest() == line["digest"]
        named = ("number", "edit", "undoes", "at", "who", "title", "kind", "record", "digest", "previous")
        assert line["previous"] == previous
        assert hashlib.sha256(json.dumps([line[name] for name in named]).encode()).hexdigest() == line["hash"]
        previous = line["hash"]


def test_pretty_printed_it_is_the_same_archive(archive: bytes, empty: Caseload, tmp_path: Path):
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(json.loads(archive), indent=4).encode())
    assert is_archive(path)
    take_archive(path, empty)
    assert empty.check() == ()


def test_an_empty_caseload_has_an_archive_too(empty: Caseload, tmp_path: Path):
    path = tmp_path / "a.json"
    assert write_archive(path, empty, at=AT) == 0
    assert conforms(json.loads(path.read_bytes()), SCHEMA)
    with closing(Caseload.create(tmp_path / "b.trdtrack", PASSPHRASE, who="x")) as other:
        assert take_archive(path, other).total() == 0
        assert other.check() == ()


@pytest.mark.parametrize("what", ["record", "undone", "draft"])
def test_a_caseload_that_is_not_empty_is_left_alone(what: str, archive: bytes, empty: Caseload, tmp_path: Path):
    if what == "draft":
        empty.keep_draft("person", patient="", text="x", at=AT)
    else:
        empty.edit(added(message("Add"), Patient(code="P-1")), at=AT)
    if what == "undone":
        empty.undo(at=AT)
    (tmp_path / "a.json").write_bytes(archive)
    before = empty.history(), empty.patients(), empty.drafts()
    with pytest.raises(Refusal) as caught:
        take_archive(tmp_path / "a.json", empty)
    assert say(caught.value.what) == "This caseload is not empty: an archive is taken only into a new one."
    assert (empty.history(), empty.patients(), empty.drafts()) == before


def test_a_changed_letter_is_seen(archive: bytes, refused: Callable[[bytes], str]):
    changed = archive.replace("Zoë".encode(), b"Zoe", 1)
    assert changed != archive
    assert refused(changed) == "a.json was changed or damaged since it was written: its checksum does not fit."


def test_half_an_archive_is_none(archive: bytes, refused: Callable[[bytes], str]):
    for end in (40, len(archive) // 3, len(archive) - 3):
        assert refused(archive[:end]) == "a.json is not a whole TRDTrack archive."
    assert refused(archive + b"{}") == "a.json is not a whole TRDTrack archive."
    without = json.loads(archive)
    del without["checksum"]
    assert refused(json.dumps(without).encode()) == "a.json is not a whole TRDTrack archive."


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff\xfe{",
        b'{"format": "trdtrack-archive", "version": NaN}',
        b'{"format":"trdtrack-archive","records":' + b"[" * 100_000,
        b'{"format":"trdtrack-archive","version":1,"file_version":4,"written":"","records":[1],"checksum":""}',
        b'{"format":"trdtrack-archive","version":1,"file_version":4,"records":[{"a":"\\ud800"}],"checksum":""}',
    ],
)
def test_what_is_no_archive_is_said_to_be_none(content: bytes, refused: Callable[[bytes], str]):
    assert refused(content) == "a.json is not a whole TRDTrack archive."


@pytest.mark.parametrize("name", ["version", "file_version"])
def test_a_newer_programs_archive_is_refused(name: str, archive: bytes, refused: Callable[[bytes], str]):
    newer = spoilt(archive, lambda content: content.update({name: content[name] + 1}))
    assert refused(newer) == "a.json was written by a newer TRDTrack. Update the program; nothing was taken in."


def test_another_format_is_refused(archive: bytes, refused: Callable[[bytes], str]):
    assert refused(spoilt(archive, lambda content: content.update(format="x"))) == "a.json is not a TRDTrack archive."


def _first(content: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(record for record in content["records"] if record["kind"] == kind)


RECORDS_SPOILT: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "an answer of 4": (
        lambda c: next(r for r in c["records"] if r.get("answers")).update(answers=[4] * 9),
        r"The archive's assessment \w+ is refused: Question 1 takes 0, 1, 2 or 3.",
    ),
    "a total of 5.0": (
        lambda c: _first(c, "assessment").update(answers=None, total=5.0),
        r"The archive's assessment \w+ is refused: A PHQ-9 total is a whole number from 0 to 27.",
    ),
    "no code": (
        lambda c: _first(c, "patient").update(code=""),
        r"The archive's patient \w+ is refused: A patient needs a code.",
    ),
    "a code with blanks": (lambda c: _first(c, "patient").update(code=" A "), "patient .* is not what this program"),
    "a number for a text": (lambda c: _first(c, "patient").update(notes=5), "patient .* is not what this program"),
    "an unknown field": (lambda c: _first(c, "patient").update(colour=""), "patient .* is not what this program"),
    "an unknown kind": (lambda c: _first(c, "patient").update(kind="pet"), "pet .* is not what this program writes"),
    "no such day": (lambda c: _first(c, "session").update(date="2026-02-30"), "session .* is not what this program"),
    "no id": (lambda c: _first(c, "patient").pop("id"), "patient None is not what this program writes"),
    "a record twice": (lambda c: c["records"].insert(0, c["records"][0]), "The archive holds a patient twice."),
    "a code twice": (
        lambda c: c["records"].insert(0, {**c["records"][0], "id": "f" * 32}),
        "The archive does not fit together: There is already a patient with the code",
    ),
    "another's record": (lambda c: _first(c, "session").update(course="0" * 32), "the one it belongs to is gone"),
    "a record changed": (
        lambda c: _first(c, "patient").update(name="Mallory"),
        r"The archive does not fit together: patient \w+ is not as its history says.",
    ),
    "a record gone": (
        lambda c: c["records"].remove(_first(c, "event")),
        r"The archive does not fit together: event \w+ is missing.",
    ),
    "a record without history": (
        lambda c: c["records"].insert(0, {**_first(c, "patient"), "id": "f" * 32, "code": "F-1"}),
        "patient f+ is not as its history says",
    ),
}


@pytest.mark.parametrize("case", RECORDS_SPOILT)
def test_a_record_that_fails_its_checks_is_refused(case: str, archive: bytes, refused: Callable[[bytes], str]):
    spoil, expected = RECORDS_SPOILT[case]
    assert re.search(expected, refused(spoilt(archive, spoil)))


HISTORY_SPOILT: dict[str, tuple[Callable[[list[dict[str, Any]]], object], str]] = {
    "who": (lambda h: h[7].update(who="Mallory"), "history line 8 was changed or put in"),
    "text": (
        lambda h: h[0].update(after=h[0]["after"].replace('"withdrawn":null', '"withdrawn":"-"')),
        "the text of history line 1 was changed",
    ),
    "a line gone": (lambda h: h.pop(3), "history line 4 is missing"),
    "the last gone": (lambda h: [h.pop() for _ in range(3)], "is gone without an erasure"),
    "a line twice": (lambda h: h.append(h[3]), "history or drafts hold the same line twice"),
    "an id of another": (lambda h: h[0].update(record="f" * 32), "history 1 is not what this program writes"),
    "about another": (lambda h: h[0].update(about=["f" * 32]), "history 1 is not what this program writes"),
    "no moment": (lambda h: h[0].update(at="yesterday"), "history 1 is not what this program writes"),
    "a number too large": (lambda h: h[0].update(number=2**70), "history .* is not what this program writes"),
    "nonsense": (lambda h: h[0].update(after="nonsense"), "history 1 is not what this program writes"),
}


@pytest.mark.parametrize("case", HISTORY_SPOILT)
def test_a_history_that_does_not_fit_is_refused(case: str, archive: bytes, refused: Callable[[bytes], str]):
    spoil, expected = HISTORY_SPOILT[case]
    assert re.search(expected, refused(spoilt(archive, lambda content: spoil(content["history"]))))


def test_a_cancel_leaves_nothing_either_way(lived: Caseload, archive: bytes, empty: Caseload, tmp_path: Path):
    class Enough(Exception):  # noqa: N818
        pass

    def tick(done: int, of: int) -> None:
        if done > of / 2:
            raise Enough

    with pytest.raises(Enough):
        write_archive(tmp_path / "out.json", lived, at=AT, tick=tick)
    (tmp_path / "a.json").write_bytes(archive)
    with pytest.raises(Enough):
        take_archive(tmp_path / "a.json", empty, tick=tick)
    assert sorted(path.name for path in tmp_path.glob("*.json*")) == ["a.json"]
    assert empty.patients() == []
    assert take_archive(tmp_path / "a.json", empty)["patient"] > 0


def test_a_dry_run_keeps_nothing(archive: bytes, empty: Caseload, tmp_path: Path):
    path = tmp_path / "a.json"
    path.write_bytes(archive)
    told = []
    empty.tell = told.append
    counted = take_archive(path, empty, dry_run=True)
    with empty.contents() as (count, _):
        assert count == 0
    assert (told, empty.gists()) == ([], [])
    path.write_bytes(spoilt(archive, lambda content: content["history"].pop(3)))
    with pytest.raises(Refusal, match="does not fit together"):
        take_archive(path, empty, dry_run=True)
    path.write_bytes(archive)
    assert take_archive(path, empty) == counted


def test_it_says_how_far_it_is(lived: Caseload, empty: Caseload, tmp_path: Path):
    told: list[tuple[int, int]] = []
    count = write_archive(tmp_path / "a.json", lived, at=AT, tick=lambda done, of: told.append((done, of)))
    assert told[0] == (0, count)
    assert told[-1] == (count, count)
    told.clear()
    take_archive(tmp_path / "a.json", empty, tick=lambda done, of: told.append((done, of)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]


def test_the_caseload_itself_is_never_written_over(lived: Caseload, tmp_path: Path):
    link = tmp_path / "link.json"
    link.symlink_to(lived.path)
    for path in (lived.path, lived.path.with_name(lived.path.name + "-wal"), link):
        with pytest.raises(Refusal, match="is the caseload itself"):
            write_archive(path, lived, at=AT)
    assert lived.check() == ()


def test_only_an_archive_is_taken_for_one(archive: bytes, tmp_path: Path):
    path = tmp_path / "a.json"
    path.write_bytes(archive)
    assert is_archive(path)
    path.write_bytes(b'{"resourceType": "Bundle"}')
    assert not is_archive(path)
    assert not is_archive(tmp_path / "none.json")
    with closing(Caseload.create(tmp_path / "b.trdtrack", PASSPHRASE, who="x")) as caseload:
        for missing in (tmp_path / "none.json", tmp_path):
            with pytest.raises(Refusal):
                take_archive(missing, caseload)


@pytest.mark.parametrize("chunk", [1, 2, 7, 64])
def test_an_object_is_read_the_same_in_pieces_of_any_size(chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(json_parts, "CHUNK", chunk)
    path = tmp_path / "a.json"
    text = '\ufeff { "a" : 12345 , "b":[ {"ü":"\U0001f331"} , -1.5e3, true ], "c" : [ ] ,"d":null,"e":42 } \n'
    path.write_text(text, "utf-8")
    with path.open("rb") as file:
        assert list(json_parts.members(file)) == [
            ("a", 12345),
            ("b", {"ü": "\U0001f331"}),
            ("b", -1500.0),
            ("b", True),
            ("d", None),
            ("e", 42),
        ]
