from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from exchange import people
from trdtrack.caseload import Caseload
from trdtrack.demo import make_demo
from trdtrack.domain.refusals import Problems, Refusal
from trdtrack.exchange.score_file import Choices, completed, examine, open_table
from trdtrack.generate import generate
from trdtrack.words import say

TODAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def nobody(tmp_path_factory):
    """A caseload with nobody in it, for whoever only reads."""
    path = tmp_path_factory.mktemp("nobody") / "nobody.trdtrack"
    with closing(Caseload.create(path, "seven dry tulips", who="test")) as caseload:
        yield caseload


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """What is held about the demo's people."""
    with closing(make_demo(at=people.AT, folder=tmp_path_factory.mktemp("demo"))) as caseload:
        yield list(caseload.held(today=people.TODAY))


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory):
    """What is held about synthetic people."""
    path = tmp_path_factory.mktemp("synthetic") / "s.trdtrack"
    made = generate(path, "six small lamps", patients=25, seed=3, at=people.AT, tick=lambda *_: None)
    with closing(made) as caseload:
        yield list(caseload.held(today=people.TODAY))


@pytest.fixture
def found(tmp_path, nobody):
    """Write the content as a file and return what it holds and would bring in."""

    def found(content: str | bytes, *, columns=None, tick=None, name="scores.csv", sheet="", **choices):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        table = open_table(path, sheet=sheet, tick=tick)
        return examine(table, Choices(completed(table, columns or {}), **choices), nobody, at=AT, tick=tick)

    return found


@pytest.fixture
def read(found):
    """Return the scores of a file that is taken in whole, as (line, code, day, total or answers)."""

    def read(content: str | bytes, **given_):
        taken = found(content, **given_)
        taken.refuse()
        return [(p.line, p.code, p.day.isoformat(), p.answers or p.total) for p in taken.preview]

    return read


@pytest.fixture
def refused(found):
    """Return the sentence with which the content is refused as a whole."""

    def refused(content: str | bytes, **given_) -> str:
        with pytest.raises(Refusal) as caught:
            found(content, **given_).refuse()
        assert type(caught.value) is Refusal
        return say(caught.value.what)

    return refused


@pytest.fixture
def problems(found):
    """Return what is wrong in the content as (line, column, sentence); nothing of it would be imported."""

    def problems(content: str | bytes, **given_):
        taken = found(content, **given_)
        assert taken.edit is None
        with pytest.raises(Problems) as caught:
            taken.refuse()
        return [(p.line, p.column, say(p.what)) for p in caught.value.problems]

    return problems


@pytest.fixture
def notices(found):
    """Return what is worth saying of a content, in words."""
    return lambda content, **given_: [say(notice) for notice in found(content, **given_).notices]
