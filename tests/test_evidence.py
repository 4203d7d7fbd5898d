from __future__ import annotations

import re

import pytest

from trdtrack.domain.refusals import Refusal
from trdtrack.domain.trials import mean_falls
from trdtrack.evidence import benchmarks, default_benchmark, find_default, load_benchmark
from trdtrack.evidence_tables import shipped_trials
from trdtrack.paths import resources
from trdtrack.words import say

GOOD = """
name = "Ours"
version = "1"
date = "2026-11-22"
population = "our clinic"
caveats = ["small"]
assumptions = ["log shape"]

[parameters]
usual_care_fall = 0.16
psychotherapy_fall = 0.29
start_variance = 8.0
end_variance = 44.27
horizon = 26
data_end = 30

[[sources]]
cite = "Somebody, 2024"
gives = "both falls"
"""

ADDED = """[added_effect]
smd_low = 0.34
smd_high = 0.63
sd = 5.0
baseline = 19
"""


def refused(path) -> str:
    with pytest.raises(Refusal) as caught:
        load_benchmark(path)
    return say(caught.value.what)


@pytest.fixture
def spoilt(tmp_path):
    """Load the good file with one piece replaced; return the sentence it is refused with."""

    def spoilt(piece: str, by: str) -> str:
        assert piece in GOOD
        path = tmp_path / "ours.toml"
        path.write_text(GOOD.replace(piece, by), encoding="utf-8")
        return refused(path)

    return spoilt


def test_the_default_is_the_shipped_one():
    benchmark = default_benchmark()
    assert (benchmark.name, benchmark.version) == ("Adjunctive psychotherapy in TRD", "1")
    assert all(source.confirmed and source.cite and source.gives for source in benchmark.sources)
    assert len(benchmark.caveats) == 5
    assert default_benchmark() is benchmark


def test_every_shipped_benchmark_loads_and_one_is_the_default():
    files = list((resources() / "evidence").glob("*.toml"))
    assert files
    for file in files:
        load_benchmark(file)
    assert sum("\ndefault = true" in file.read_text("utf-8") for file in files) == 1


def test_a_clinics_own_file_loads(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text(GOOD, encoding="utf-8")
    benchmark = load_benchmark(path)
    assert (benchmark.horizon, benchmark.psychotherapy_fall) == (26, 0.29)
    assert benchmark.sources[0].cite == "Somebody, 2024"


KEYS = re.findall(r"^(\w+) = ", GOOD.split("[[sources]]", maxsplit=1)[0], re.MULTILINE)


@pytest.mark.parametrize("key", KEYS)
def test_a_missing_key_is_named(key, spoilt):
    line = next(line for line in GOOD.splitlines() if line.startswith(f"{key} = "))
    sentence = spoilt(line, "")
    assert sentence.startswith(f"Benchmark file ours.toml, {key}: it is missing or ")


@pytest.mark.parametrize(
    ("piece", "by", "key", "reason"),
    [
        ('name = "Ours"', "name = 3", "name", "it is missing or not a text"),
        ('version = "1"', "version = 1", "version", "it is missing or not a text"),
        ('population = "our clinic"', 'population = "  "', "population", "it is missing or not a text"),
        ("= 0.16", '= "0.16"', "usual_care_fall", "it is missing or not a number"),
        ("= 0.16", "= true", "usual_care_fall", "it is missing or not a number"),
        ("= 0.29", "= 29", "psychotherapy_fall", "it is out of range"),
        ("= 0.29", "= 0", "psychotherapy_fall", "it is out of range"),
        ("= 0.29", "= -0.29", "psychotherapy_fall", "it is out of range"),
        ("= 8.0", "= -8.0", "start_variance", "it is out of range"),
        ("= 44.27", "= nan", "end_variance", "it is out of range"),
        ("= 26", "= inf", "horizon", "it is out of range"),
        ("= 30", "= 0", "data_end", "it is out of range"),
        ('["small"]', "[]", "caveats", "it is missing or empty"),
        ('["small"]', "[1]", "caveats", "it is missing or empty"),
        ('["small"]', '"small"', "caveats", "it is missing or empty"),
        ('["log shape"]', "7", "assumptions", "it is missing or empty"),
        ('cite = "Somebody, 2024"', "", "sources", "each source has a cite and says what it gives"),
        ('cite = "Somebody, 2024"', 'cite = ""', "sources", "each source has a cite and says what it gives"),
        ('cite = "Somebody, 2024"', "cite = 2024", "sources", "each source has a cite and says what it gives"),
        ('gives = "both falls"', "", "sources", "each source has a cite and says what it gives"),
        (
            'gives = "both falls"',
            'gives = "both falls"\nconfirmed = false',
            "sources",
            "an unverified source cannot carry a benchmark",
        ),
        ("= 8.0", "= 50.0", "end_variance", "it is below start_variance"),
        ("[[sources]]", "[added_effect]\nsmd_low = 0.34\n[[sources]]", "smd_high", "it is missing or not a number"),
        ("[[sources]]", f"{ADDED.replace('0.34', '0.7')}[[sources]]", "smd_low", "it is above smd_high"),
        ("[[sources]]", f"{ADDED.replace('19', '0')}[[sources]]", "baseline", "it is out of range"),
        (GOOD[GOOD.index("[[sources]]") :], "", "sources", "a benchmark names at least one source"),
    ],
)
def test_a_wrong_key_is_named_with_the_reason(piece, by, key, reason, spoilt):
    assert spoilt(piece, by) == f"Benchmark file ours.toml, {key}: {reason}."


def test_tables_and_lists_of_the_wrong_kind_are_refused(spoilt):
    parameters = GOOD[GOOD.index("[parameters]") : GOOD.index("[[sources]]")]
    assert spoilt(parameters, "parameters = 3\n").startswith("Benchmark file ours.toml, ")
    sources = GOOD[GOOD.index("[[sources]]") :]
    for wrong in ("3", '["Somebody, 2024"]', '"Somebody"'):
        text = GOOD.replace(sources, "").replace('name = "Ours"', f'name = "Ours"\nsources = {wrong}')
        assert spoilt(GOOD, text).startswith("Benchmark file ours.toml, sources: ")


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", b"\x00", b"<html></html>", b"name = " + b"[" * 5000])
def test_a_malformed_file_is_refused(content, tmp_path):
    path = tmp_path / "ours.toml"
    path.write_bytes(content)
    assert refused(path) == "Benchmark file ours.toml, (file): it cannot be read as TOML."


def test_no_file_is_refused(tmp_path):
    assert refused(tmp_path / "none.toml") == "Benchmark file none.toml, (file): it cannot be read as TOML."
    assert refused(tmp_path).endswith("(file): it cannot be read as TOML.")


def test_self_rated_trials_pooled():
    benchmark = next(b for b in benchmarks() if b.name == "Self-rated trials pooled")
    falls = tuple(round(share, 2) for share in mean_falls(shipped_trials()))
    assert (benchmark.usual_care_fall, benchmark.psychotherapy_fall) == falls == (0.14, 0.30)
    at = benchmark.at(19, 26)
    assert (round(at.usual_care, 2), round(at.psychotherapy, 2)) == (16.34, 13.30)


def test_what_is_the_same_in_every_shipped_benchmark():
    first, *others = benchmarks()
    assert first is default_benchmark()
    assert others
    for other in others:
        for name in ("start_variance", "end_variance", "horizon", "added_effect"):
            assert getattr(other, name) == getattr(first, name)
        assert other.name != first.name


def test_the_evidence_band():
    low, high = default_benchmark().evidence_shares()
    assert (round(low, 2), round(high, 2)) == (0.25, 0.33)
    band = default_benchmark().evidence_band(19, 26)
    assert band == pytest.approx((19 * (1 - high), 19 * (1 - low)))
    assert default_benchmark().evidence_band(19, 0) == (19, 19)
    # Half the fall at half the progress: s = 2/3 at week 8.
    assert default_benchmark().evidence_band(19, 8)[0] == pytest.approx(19 * (1 - high * 2 / 3))
    assert default_benchmark().evidence_band(19, 30) == band


def test_a_file_without_an_interval_has_no_evidence_band(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert load_benchmark(path).evidence_band(19, 26) is None
    path.write_text(GOOD.replace("[[sources]]", f"{ADDED}[[sources]]"), encoding="utf-8")
    assert load_benchmark(path).added_effect == default_benchmark().added_effect


MARKED = f"default = true{GOOD}"
UNVERIFIED = MARKED + "confirmed = false\n"


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "Benchmark file evidence, default: no file is marked as the default."),
        ({"a.toml": GOOD}, "Benchmark file evidence, default: no file is marked as the default."),
        ({"a.toml": MARKED, "b.toml": MARKED}, "Benchmark file b.toml, default: a.toml is the default already."),
        ({"a.toml": MARKED, "b.toml": "name = "}, "Benchmark file b.toml, (file): it cannot be read as TOML."),
        ({"a.toml": "<html>"}, "Benchmark file a.toml, (file): it cannot be read as TOML."),
        ({"a.toml": MARKED.replace("true", '"yes"')}, "Benchmark file a.toml, default: it is true or false."),
        ({"a.toml": MARKED.replace("0.29", "29")}, "Benchmark file a.toml, psychotherapy_fall: it is out of range."),
        (
            {"a.toml": MARKED[: MARKED.index("[[sources]]")]},
            "Benchmark file a.toml, sources: a benchmark names at least one source.",
        ),
        (
            {"a.toml": UNVERIFIED},
            "Benchmark file a.toml, sources: an unverified source cannot carry a benchmark.",
        ),
    ],
)
def test_what_refuses_to_be_the_default(files, sentence, tmp_path):
    folder = tmp_path / "evidence"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(Refusal) as caught:
        find_default(folder)
    assert say(caught.value.what) == sentence


def test_one_default_among_others(tmp_path):
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.toml").write_text(MARKED.replace("Ours", "Theirs"), encoding="utf-8")
    assert find_default(tmp_path).name == "Theirs"
