"""Loads the benchmark files and refuses, with file, key and reason, any that is malformed, unsourced or unverified."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from trdtrack.domain.benchmark import Benchmark, Source
from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal
from trdtrack.paths import resources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_POSITIVE = ("start_variance", "end_variance", "horizon", "data_end")
_SHARES = ("usual_care_fall", "psychotherapy_fall")
_SOURCE_KEYS = {"cite", "gives", "doi", "confirmed"}
_TEXTS = ("name", "version", "date", "population")


@cache
def default_benchmark() -> Benchmark:
    """Return the benchmark in force where nothing else was chosen."""
    for path in sorted((resources() / "evidence").glob("*.toml")):
        if tomllib.loads(path.read_text(encoding="utf-8")).get("default"):
            return load_benchmark(path)
    raise FileNotFoundError("no benchmark file is marked as the default: the installation is incomplete")


def load_benchmark(path: Path) -> Benchmark:
    """Read and check one benchmark file. Refuses with the file's name, the key and the reason."""
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise _refusal(path, "(file)", message("it cannot be read as TOML")) from error
    wrong = next(_faults(raw), None)
    if wrong:
        raise _refusal(path, *wrong)
    parameters: dict[str, Any] = raw["parameters"]
    texts: dict[str, Any] = {key: raw[key] for key in _TEXTS}
    numbers: dict[str, Any] = {key: float(parameters[key]) for key in (*_POSITIVE, *_SHARES)}
    return Benchmark(
        **texts,
        **numbers,
        sources=tuple(Source(**source) for source in raw["sources"]),
        caveats=tuple(raw["caveats"]),
        assumptions=tuple(raw["assumptions"]),
    )


def _refusal(path: Path, key: str, reason: Message) -> Refusal:
    return Refusal(
        message("Benchmark file {file}, {key}: {reason}.", file=path.name, key=key, reason=reason), field=key
    )


def _faults(raw: dict[str, Any]) -> Iterator[tuple[str, Message]]:
    """Yield what is wrong with a benchmark file, key by key."""
    for key in _TEXTS:
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            yield key, message("it is missing or not a text")
    parameters = _table(raw.get("parameters"))
    for key in (*_POSITIVE, *_SHARES):
        value = parameters.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield key, message("it is missing or not a number")
        elif not 0 < value < (1 if key in _SHARES else 1000):
            yield key, message("it is out of range")
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


def _table(found: object) -> dict[str, Any]:
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _list(found: object) -> list[Any]:
    return cast("list[Any]", found) if isinstance(found, list) else []
