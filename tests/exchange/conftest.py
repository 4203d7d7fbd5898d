from __future__ import annotations

from datetime import date

import pytest

from trdtrack.domain.refusals import Problems, Refusal
from trdtrack.exchange.scores_import import read_scores
from trdtrack.words import say

TODAY = date(2026, 11, 22)


@pytest.fixture
def read(tmp_path):
    """Write the text as a file and read it."""

    def read(text: str | bytes, **given_):
        path = tmp_path / "scores.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_scores(path, **{"columns": None, "today": TODAY, **given_})

    return read


@pytest.fixture
def refused(read):
    """Return the sentence with which the text is refused as a whole."""

    def refused(text: str | bytes, **given_) -> str:
        with pytest.raises(Refusal) as caught:
            read(text, **given_)
        assert type(caught.value) is Refusal
        return say(caught.value.what)

    return refused


@pytest.fixture
def problems(read):
    """Return what is wrong in the text as (line, column, sentence)."""

    def problems(text: str, **given_):
        with pytest.raises(Problems) as caught:
            read(text, **given_)
        return [(p.line, p.column, say(p.what)) for p in caught.value.problems]

    return problems
