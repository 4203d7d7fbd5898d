"""`trdtrack outcomes`: every figure as JSON and as text, what is chosen, and what is refused."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from command_line import PASSPHRASE, TODAY

from trdtrack.caseload import Caseload
from trdtrack.domain.caseload_outcomes import CaseloadOutcomes, Choice
from trdtrack.domain.records import Modality
from trdtrack.generate import generate
from trdtrack.outcomes import outcomes

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("outcomes") / "a.trdtrack"
    generate(path, PASSPHRASE, patients=60, seed=4, at=AT, tick=lambda *_: None).close()
    return path


@pytest.fixture
def file(made, tmp_path) -> Path:
    return shutil.copyfile(made, tmp_path / "a.trdtrack")


@pytest.fixture
def found(file) -> CaseloadOutcomes:
    with closing(Caseload.open(file, PASSPHRASE, who="test")) as caseload:
        return outcomes(caseload, Choice(), today=TODAY)


def test_json_has_every_figure(program, file, found):
    said = json.loads(program("outcomes", file, "--json").done)
    assert {f.name for f in fields(CaseloadOutcomes)} | {"benchmark_version"} == set(said)
    group = found.all
    assert (said["all"]["n"], said["all"]["paired"]["count"]) == (group.n, group.paired.count)
    assert said["all"]["change"] == {f: getattr(group.change, f) for f in ("value", "low", "high", "n")}
    for ours, theirs in zip(group.reached, said["all"]["reached"], strict=True):
        assert theirs["result"] == ours.result.value
        for name in ("count", "of", "low", "high", "share"):
            assert theirs["of_all"][name] == getattr(ours.of_all, name)
            assert theirs["of_paired"][name] == getattr(ours.of_paired, name)
    assert [one["criterion"] for one in said["by_criterion"]] == ["met", "not met", "cannot tell"]
    assert sum(one["group"]["n"] for one in said["by_modality"]) == group.n
    assert said["fall"]["psychotherapy"] == found.fall.psychotherapy
    assert [step["observed"]["value"] for step in said["over_weeks"]["steps"]] == [
        step.observed.value for step in found.over_weeks.steps
    ]
    assert said["local"]["posterior"] == found.local.posterior
    assert [r["held80"]["share"] for r in said["calibration"]["replays"]] == [
        r.held80.share for r in found.calibration.replays
    ]
    assert [(c["code"], c["baseline"], c["last"]) for c in said["cases"]] == [
        (c.code, c.baseline, c.last) for c in found.cases
    ]
    assert "patient" not in said["cases"][0]
    assert said["today"] == TODAY.isoformat()


def test_text_has_the_same_figures(program, file, found):
    said = program("outcomes", file).done
    group = found.all
    assert f"{group.n} closed courses of care with a baseline of 10 or more" in said
    assert f"change, mean of the paired (minus is better): {group.change.value:.1f} (" in said
    improved = group.reached[0].of_all
    line = next(line for line in said.splitlines() if line.startswith("reliable improvement"))
    assert f"{improved.count} of {improved.of}, {100 * improved.share:.0f}% ({100 * improved.low:.0f}% to " in line
    assert f"observed fall, share of baseline: {100 * found.fall.observed:.0f}% (" in said
    assert f"both together: {found.local.posterior:.3f}, SD {found.local.posterior_sd:.3f}" in said
    assert f"{found.follow_ups.done.count} of {found.follow_ups.done.of}" in said
    for one in found.by_modality:
        line = next(line for line in said.splitlines() if line.startswith(f"{one.modality.value} "))
        assert ("too few to go by" in line) == (one.group.n < 20)
    assert "fewer than 20" in said
    assert all(len(line) < 140 for line in said.splitlines())


def test_what_is_chosen(program, file, found):
    said = json.loads(program("outcomes", file, "--modality", "cbt", "--criterion", "met", "--json").done)
    kept = [c for c in found.cases if c.modality is Modality.CBT and c.criterion.value == "met"]
    assert said["all"]["n"] == len(kept) > 0
    assert (said["choice"]["modality"], said["choice"]["criterion"]) == ("CBT", "met")
    middle = sorted(c.end for c in found.cases)[len(found.cases) // 2]
    said = json.loads(program("outcomes", file, "--until", middle, "--since", middle, "--json").done)
    assert said["all"]["n"] == sum(c.end == middle for c in found.cases)
    for words in (("--therapist", "none"), ("--therapist", "Nobody"), ("--modality", "none")):
        assert "No closed course is as chosen here." in program("outcomes", file, *words).done


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--since", "31.1.2026"), "31.1.2026 is no day: write it as 2026-01-31."),
        (("--until", "2026-02-30"), "2026-02-30 is no day: write it as 2026-01-31."),
        (("--since", "2026-02-01", "--until", "2026-01-01"), "The period ends before it begins."),
        (("--modality", "hypnosis"), "hypnosis is not known here: it is one of none, CBT, BA, CBASP, MBCT, IPT, "),
        (("--presentation", "bad"), "bad is not known here: it is one of first episode, recurrent, chronic."),
        (("--criterion", "yes"), "yes is not known here: it is one of met, not met, cannot tell."),
    ],
)
def test_a_choice_that_cannot_be_is_refused(program, file, words, why):
    assert program("outcomes", file, *words).refused.startswith(why)


def test_a_caseload_without_a_closed_course(program):
    program("new", "empty.trdtrack")
    said = program("outcomes", "empty.trdtrack").done
    assert "No course of care has ended yet" in said
    assert json.loads(program("outcomes", "empty.trdtrack", "--json").done)["all"]["paired"]["share"] is None
