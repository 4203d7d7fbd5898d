"""`trdtrack evidence pool` and `trdtrack forecast`: names, figures, words, and what is refused."""

from __future__ import annotations

import json

import pytest

from trdtrack import cli
from trdtrack.paths import resources

TRIALS = resources() / "evidence" / "trials.csv"


@pytest.fixture
def said(capsys, tmp_path, monkeypatch):
    """Run a command in this process; return its exit code, output and complaint."""
    monkeypatch.chdir(tmp_path)

    def said(*words: object) -> tuple[int, str, str]:
        try:
            code = cli.main([str(word) for word in words])
        except SystemExit as left:
            code = int(left.code or 0)
        return code, *capsys.readouterr()

    return said


@pytest.fixture
def read(said):
    def read(*words: object):
        code, out, err = said(*words, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return read


def test_pool_as_json(read):
    found = read("evidence", "pool", TRIALS)
    assert list(found) == [
        "method", "k", "g", "se", "ci_low", "ci_high", "tau2", "i2", "q", "pi_low", "pi_high",
        "studies", "leave_one_out", "modalities",
    ]  # fmt: skip
    assert [round(found[name], 3) for name in ("g", "ci_low", "ci_high", "tau2")] == [-0.540, -0.784, -0.297, 0.045]
    assert [round(found[name], 3) for name in ("pi_low", "pi_high")] == [-1.078, -0.003]
    assert (found["method"], found["k"], round(found["i2"], 1)) == ("PM", 10, 41.8)
    first = found["studies"][0]
    assert (first["id"], first["study"], first["scale"]) == ("lynch2020", "RefraMED (Lynch 2020)", "PHQ-9")
    assert first["variance"] == pytest.approx(first["se"] ** 2)
    assert sum(study["weight"] for study in found["studies"]) == pytest.approx(100)
    assert [s["n_control"] for s in found["studies"] if s["id"].startswith("michalak")] == [16, 16]
    without = {row["id"]: row for row in found["leave_one_out"]}["strauss2012"]
    assert [round(without[name], 3) for name in ("g", "ci_low", "ci_high")] == [-0.461, -0.572, -0.350]
    assert {row["modality"]: row["k"] for row in found["modalities"]}["MBCT"] == 3


def test_pool_by_reml(read):
    found = read("evidence", "pool", TRIALS, "--method", "REML")
    assert [round(found[name], 3) for name in ("g", "ci_low", "ci_high", "tau2")] == [-0.501, -0.702, -0.300, 0]


def test_pool_in_words_shows_both_methods(said):
    code, out, err = said("evidence", "pool", TRIALS)
    assert (code, err) == (0, "")
    assert "all 10, PM, Hartung-Knapp" in out
    assert "all 10, REML, Hartung-Knapp" in out
    assert "-0.540  -0.784 to -0.297" in out
    assert "-0.501  -0.702 to -0.300" in out
    assert "The two methods disagree" in out
    assert "(these agree closer than chance" in next(line for line in out.splitlines() if "without Strauss" in line)


def test_a_bad_table_is_refused_by_line_and_column(said, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text(TRIALS.read_text("utf-8").replace(",7.47,", ",-7.47,"), encoding="utf-8")
    assert said("evidence", "pool", bad) == (
        1,
        "line 2, sd1_therapy: a standard deviation is above 0\n",
        "bad.csv, line 2, sd1_therapy: a standard deviation is above 0; nothing was taken in.\n",
    )
    code, out, err = said("evidence", "pool", bad, "--json")
    assert (code, err.count("\n")) == (1, 1)
    assert json.loads(out) == {
        "problems": [{"line": 2, "column": "sd1_therapy", "problem": "a standard deviation is above 0"}]
    }


def test_one_row_and_no_file_are_refused(said, tmp_path):
    one = tmp_path / "one.csv"
    one.write_text("\n".join(TRIALS.read_text("utf-8").splitlines()[:2]), encoding="utf-8")
    assert said("evidence", "pool", one) == (1, "", "Pooling needs two comparisons or more.\n")
    assert said("evidence", "pool", "none.csv") == (1, "", "There is no file none.csv.\n")
    assert said("evidence", "pool", tmp_path)[0] == 1


def test_forecast_as_json(read):
    found = read("forecast", "--scores", "0:19,2:19,4:18,6:19,8:18")
    assert list(found) == [
        "baseline", "at", "mean", "sd", "band50", "band80", "p_reliable_improvement", "p_response", "p_remission",
        "benchmark", "benchmark_version",
    ]  # fmt: skip
    assert (round(found["mean"], 2), round(found["sd"], 2), found["at"]) == (16.14, 4.28, 26)
    assert found["band80"] == pytest.approx([16.144 - 1.282 * 4.2846, 16.144 + 1.282 * 4.2846], abs=1e-2)
    assert found["p_reliable_improvement"] == pytest.approx(0.269, abs=1e-3)
    assert read("forecast", "--scores", "0:19,2:18,4:15", "--at", "12")["at"] == 12


def test_forecast_in_words(said):
    code, out, err = said("forecast", "--scores", "0:19,2:18,4:15", "--at", "26")
    assert (code, err) == (0, "")
    assert "mean 12.80, sd 5.03" in out
    assert "reliable improvement: about 6 in 10" in out
    assert "remission: fewer than 1 in 10" in out


@pytest.mark.parametrize(
    ("scores", "at"), [("0:19,2:18,2:15", 26), ("0:19,4:18,2:15", 26), ("0:19,8:18", 4), ("0:28", 26), ("0:19", 27)]
)
def test_bad_scores_are_refused_in_one_sentence(scores, at, said):
    code, out, err = said("forecast", "--scores", scores, "--at", at)
    assert (code, out, err.count("\n")) == (1, "", 1)


@pytest.mark.parametrize(
    "words",
    [
        ("evidence",),
        ("evidence", "pool"),
        ("evidence", "pool", "x.csv", "--method", "DL"),
        ("forecast",),
        ("forecast", "--scores", "19,18"),
        ("forecast", "--scores", "0:19,2:"),
        ("forecast", "--scores", "0:19", "--at", "soon"),
    ],
)
def test_wrong_usage(words, said):
    code, out, err = said(*words)
    assert (code, out) == (2, "")
    assert err.startswith("usage: trdtrack")
