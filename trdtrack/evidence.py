"""Loads the benchmark files and refuses, with file, key and reason, any that is malformed, unsourced or unverified."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from trdtrack.domain.benchmark import AddedEffect, Benchmark, Source
from trdtrack.domain.message import Message, message
from trdtrack.domain.records import BenchmarkFile
from trdtrack.domain.refusals import Refusal
from trdtrack.paths import resources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST_BENCHMARK = ("Adjunctive psychotherapy in TRD", "1")
"""Name and version of the first one ever shipped: courses that name none were drawn with it."""
_POSITIVE = ("start_variance", "end_variance", "horizon", "data_end")
_SHARES = ("usual_care_fall", "psychotherapy_fall")
_ADDED = ("smd_low", "smd_high", "sd", "baseline")
_SOURCE_KEYS = {"cite", "gives", "doi", "confirmed"}
_TEXTS = ("name", "version", "date", "population")


@cache
def default_benchmark() -> Benchmark:
    """Return the benchmark in force where nothing else was chosen."""
    return find_default(resources() / "evidence")


@cache
def benchmarks() -> tuple[Benchmark, ...]:
    """Return every shipped benchmark, the default first. One that cannot be used is a Refusal, never left out."""
    found = [load_benchmark(path) for path in sorted((resources() / "evidence").glob("*.toml"))]
    default = default_benchmark()
    return (default, *(benchmark for benchmark in found if benchmark != default))


def find_default(folder: Path) -> Benchmark:
    """Return the one benchmark of a folder that is marked `default = true`.

    Refuses none, two, and any file of the folder that cannot be read: it might have been the one.
    """
    marked = [path for path in sorted(folder.glob("*.toml")) if _marked_default(path)]
    if not marked:
        raise _refusal(folder.name, "default", message("no file is marked as the default"))
    if len(marked) > 1:
        raise _refusal(marked[1].name, "default", message("{other} is the default already", other=marked[0].name))
    return load_benchmark(marked[0])


def _marked_default(path: Path) -> bool:
    default: object = _raw(_read(path), path.name).get("default", False)
    if not isinstance(default, bool):
        raise _refusal(path.name, "default", message("it is true or false"))
    return default


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as error:
        raise _refusal(path.name, "(file)", message("it cannot be read as TOML")) from error


def _raw(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:  # the latter: brackets in brackets without end
        raise _refusal(file, "(file)", message("it cannot be read as TOML")) from error


def load_benchmark(path: Path) -> Benchmark:
    """Read and check one benchmark file. Refuses with the file's name, the key and the reason."""
    return parse_benchmark(_read(path), file=path.name)


def benchmark_file(path: Path) -> BenchmarkFile:
    """Read a benchmark of the clinic's own as the record that keeps it. Refuses as `load_benchmark` does."""
    text = _read(path)
    found = parse_benchmark(text, file=path.name)
    if any((b.name, b.version) == (found.name, found.version) for b in benchmarks()):
        what = message("{name}, version {version}, is there already.", name=found.name, version=found.version)
        raise Refusal(what, field="version")
    return BenchmarkFile(name=found.name, version=found.version, text=text)


@cache
def parse_benchmark(text: str, *, file: str) -> Benchmark:
    """Return the benchmark a file's text describes. Refuses with the file's name, the key and the reason."""
    raw = _raw(text, file)
    wrong = next(_faults(raw), None)
    if wrong:
        raise _refusal(file, *wrong)
    parameters: dict[str, Any] = raw["parameters"]
    texts: dict[str, Any] = {key: raw[key] for key in _TEXTS}
    numbers: dict[str, Any] = {key: float(parameters[key]) for key in (*_POSITIVE, *_SHARES)}
    return Benchmark(
        **texts,
        **numbers,
        sources=tuple(Source(**source) for source in raw["sources"]),
        caveats=tuple(raw["caveats"]),
        assumptions=tuple(raw["assumptions"]),
        added_effect=AddedEffect(**{key: float(raw["added_effect"][key]) for key in _ADDED})
        if "added_effect" in raw
        else None,
    )


def _refusal(file: str, key: str, reason: Message) -> Refusal:
    what = message("Benchmark file {file}, {key}: {reason}.", file=file, key=key, reason=reason)
    return Refusal(what, field=key)


def _faults(raw: dict[str, Any]) -> Iterator[tuple[str, Message]]:
    """Yield what is wrong with a benchmark file, key by key."""
    for key in _TEXTS:
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            yield key, message("it is missing or not a text")
    parameters = _table(raw.get("parameters"))
    for key in (*_POSITIVE, *_SHARES):
        yield from _number_faults(parameters, key, most=1 if key in _SHARES else 1000)
    start, end = parameters.get("start_variance"), parameters.get("end_variance")
    if isinstance(start, int | float) and isinstance(end, int | float) and start > end:
        yield "end_variance", message("it is below start_variance")
    if "added_effect" in raw:
        added = _table(raw["added_effect"])
        faults = [fault for key in _ADDED for fault in _number_faults(added, key, most=1000)]
        if not faults and added["smd_low"] > added["smd_high"]:
            faults.append(("smd_low", message("it is above smd_high")))
        yield from faults
    for key in ("caveats", "assumptions"):
        values = _list(raw.get(key))
        if not values or not all(isinstance(value, str) for value in values):
            yield key, message("it is missing or empty")
    sources = [_table(source) for source in _list(raw.get("sources"))]
    if not sources:
        yield "sources", message("a benchmark names at least one source")
    for source in sources:
        texts = [source.get(key) for key in ("cite", "gives")]
        if not all(isinstance(text, str) and text.strip() for text in texts) or not set(source) <= _SOURCE_KEYS:
            yield "sources", message("each source has a cite and says what it gives")
        elif source.get("confirmed", True) is not True:
            yield "sources", message("an unverified source cannot carry a benchmark")


def _number_faults(table: dict[str, Any], key: str, *, most: float) -> Iterator[tuple[str, Message]]:
    value = table.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield key, message("it is missing or not a number")
    elif not 0 < value < most:
        yield key, message("it is out of range")


def _table(found: object) -> dict[str, Any]:
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _list(found: object) -> list[Any]:
    return cast("list[Any]", found) if isinstance(found, list) else []
