from __future__ import annotations

import re

import pytest

from trdtrack.domain.refusals import Refusal
from trdtrack.evidence import default_benchmark, load_benchmark
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


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", b"\x00", b"<html></html>"])
def test_a_malformed_file_is_refused(content, tmp_path):
    path = tmp_path / "ours.toml"
    path.write_bytes(content)
    assert refused(path) == "Benchmark file ours.toml, (file): it cannot be read as TOML."


def test_no_file_is_refused(tmp_path):
    assert refused(tmp_path / "none.toml") == "Benchmark file none.toml, (file): it cannot be read as TOML."
    assert refused(tmp_path).endswith("(file): it cannot be read as TOML.")
