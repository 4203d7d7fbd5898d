"""The manual holds together and keeps to the program: links, pictures, commands, and its numbers are the code's."""

from __future__ import annotations

import argparse
import csv
import re
import struct
from functools import cache
from pathlib import Path

import pytest

from trdtrack import settings
from trdtrack.cli import _parser
from trdtrack.domain import backups, ending, outcome, phq9, signals, trajectory
from trdtrack.domain.caseload_outcomes_evidence import LOCAL_FROM
from trdtrack.domain.caseload_outcomes_groups import FEW
from trdtrack.domain.clinic import RELIABLE_CHOICES
from trdtrack.domain.records import Rules
from trdtrack.evidence import default_benchmark
from trdtrack.paths import resources
from trdtrack.storage.presence import STALE_SECONDS
from trdtrack.ui.help.manual import INDEX, Manual, folder, parted, slug
from trdtrack.ui.locking.idle import WARNED_S

ROOT = Path(__file__).parents[1]
MANUAL = Manual(folder())
PAGES = MANUAL.pages
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
COMMAND = re.compile(r"`(trdtrack[^`]*)`")
LONGEST = 1400
"""Words on the longest page, tables not counted: more is a book."""


def plain(text: str) -> str:
    """A page's text without its line breaks and emphasis."""
    return " ".join(text.replace("*", "").split())


def headings(name: str) -> list[str]:
    return re.findall(r"^#+ (.+)$", PAGES[name].text, re.MULTILINE)


# Links


def test_every_page_is_reached_from_the_contents() -> None:
    reached, ahead = set(), [INDEX]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += [page for page, _heading in map(parted, LINK.findall(PAGES[name].text)) if page in PAGES]
    assert reached == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_a_page_and_a_heading(name: str) -> None:
    for link in LINK.findall(PAGES[name].text):
        page, heading = parted(link)
        assert not page or link.split("#")[0].endswith(".md"), f"{link} works in this program alone"
        there = page or name
        assert there in PAGES, link
        assert not heading or heading in map(slug, headings(there)), link


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_short_and_its_headings_are_in_order(name: str) -> None:
    text = PAGES[name].text
    assert text.startswith("# ")
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert len(set(map(slug, headings(name)))) == len(headings(name)), "two headings could not be told apart"
    running = [line for line in text.splitlines() if not line.startswith("|")]
    assert len(" ".join(running).split()) < LONGEST
    assert max(map(len, running)) <= 200


def test_what_other_texts_say_of_the_manual_is_there() -> None:
    places = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "trdtrack").rglob("*.py"))]
    named = {name for file in places for name in re.findall(r"resources/help/([\w.-]+)", file.read_text("utf-8"))}
    assert len(named) > 3
    assert all((folder() / name).exists() for name in named), named


# Pictures


def shown() -> set[str]:
    """The pictures the pages and the README show, each with words for whoever does not see it."""
    found = [pair for page in PAGES.values() for pair in PICTURE.findall(page.text)]
    assert all(len(words.split()) > 3 for words, _name in found), "a picture needs words"
    readme = PICTURE.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    return {name for _words, name in found} | {Path(name).name for _words, name in readme}


def test_every_picture_is_there_and_none_is_there_in_vain() -> None:
    there = {file.name for file in folder().glob("*.png") if not file.stem.endswith("-dark")}
    assert there == shown()
    assert 8 <= len(there) <= 12


@pytest.mark.parametrize("name", sorted(shown()))
def test_a_picture_is_small_and_has_its_twin_in_the_dark(name: str) -> None:
    light = folder() / name
    dark = light.with_name(f"{light.stem}-dark.png")
    for file in (light, dark):
        content = file.read_bytes()
        width, height, depth, kind = struct.unpack(">IIBB", content[16:26])
        assert (width, depth, kind) == (1024, 8, 3), "1024 wide, with a palette"
        assert 300 < height <= 820
        assert len(content) < 60_000
    assert light.read_bytes()[16:24] == dark.read_bytes()[16:24], "of one size"


# Commands


@cache
def parsers() -> dict[tuple[str, ...], argparse.ArgumentParser]:
    """Every command by its words."""
    found: dict[tuple[str, ...], argparse.ArgumentParser] = {}

    def take(words: tuple[str, ...], parser: argparse.ArgumentParser) -> None:
        found[words] = parser
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for word, below in action.choices.items():
                    take((*words, word), below)

    take((), _parser())
    return found


def unknown(command: str) -> list[str]:
    """The words of a command that the command line does not take."""
    words = command.split()[1:]
    known: tuple[str, ...] = ()
    while len(known) < len(words) and (*known, words[len(known)]) in parsers():
        known = (*known, words[len(known)])
    parser = parsers()[known]
    options = {option for action in parser._actions for option in action.option_strings}
    wrong = [word for word in re.findall(r"--[\w-]+", command) if word not in options]
    subcommands = any(isinstance(action, argparse._SubParsersAction) for action in parser._actions)
    rest = words[len(known) :]
    return wrong + ([rest[0]] if subcommands and rest and not rest[0].startswith("-") else [])


@pytest.mark.parametrize("name", [*PAGES, "README.md"])
def test_every_command_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8") if name == "README.md" else PAGES[name].text
    for command in COMMAND.findall(" ".join(text.split())):
        assert unknown(command) == [], command
    options = {o for parser in parsers().values() for action in parser._actions for o in action.option_strings}
    for option in re.findall(r"`(--[\w-]+)[^`]*`", text):
        assert option in options, option


def test_a_command_that_does_not_exist_would_be_found() -> None:
    assert unknown("trdtrack vanish F") == ["vanish"]
    assert unknown("trdtrack clinic vanish F") == ["vanish"]
    assert unknown("trdtrack check F --vanish") == ["--vanish"]


# Numbers


def numbers() -> list[tuple[str, str]]:
    """Page and sentence, each number in it the code's own."""
    rules, kept = Rules(), f"the newest of each of {backups.DAILY} days, {backups.WEEKLY} weeks and {backups.MONTHLY}"
    bench = default_benchmark()
    minutes = backups.BETWEEN.total_seconds() / 60
    return [
        ("backups", f"All of the last {backups.ALL_OF.total_seconds() / 3600:.0f} hours, then {kept} months"),
        ("backups", {30: "made every half hour at most"}[int(minutes)]),
        ("privacy", f"after {settings.LOCK_USUAL} minutes without a key"),
        ("privacy", f"({settings.LOCK_SOONEST} to {settings.LOCK_LATEST} minutes, set on the Settings page"),
        ("privacy", {30: "half a minute before, it says so"}[WARNED_S]),
        ("chart", f"A fall or rise of {rules.reliable_change} points or more from baseline"),
        ("chart", f"| a fall of {outcome.MEANINGFUL_GENERAL}% or more of baseline | Kounali 2022"),
        ("chart", f"| a fall of {outcome.MEANINGFUL_LONG_LASTING}% or more of baseline, found on the BDI-II | Button"),
        ("chart", f"| Response | a fall of {outcome.RESPONSE}% or more"),
        ("chart", f"from {phq9.CASENESS_FROM} or more to below {phq9.CASENESS_FROM}"),
        ("chart", f"| Remission | a total below {phq9.REMISSION_BELOW}"),
        ("chart", f"a gap of more than {signals.RECENT_DAYS} days"),
        ("chart", f"the latest is more than {signals.RECENT_DAYS} days old"),
        ("chart", f"before week {signals.EARLY_WEEKS}, or fewer than {signals.ENOUGH_SCORES} scores after baseline"),
        (
            "chart",
            (
                f"from week {outcome.PLATEAU_FROM_WEEK}: still {phq9.CASENESS_FROM} or more, less than "
                f"{outcome.MEANINGFUL_GENERAL}% below baseline, and no reliable change in "
                f"{outcome.PLATEAU_NEAR // 7} weeks"
            ),
        ),
        ("chart", f"Forecast to week {bench.horizon:g}"),
        ("caseload", f"the last total in the {trajectory.BEFORE_DAYS} days up to week 0"),
        ("caseload", f"the first in the {trajectory.AFTER_DAYS} days after"),
        ("caseload", f"the last total of the course's last {ending.END_DAYS} days"),
        ("caseload", f"it lasted {rules.trial_weeks} weeks or more (a setting)"),
        ("benchmark", f"fell by {100 * bench.usual_care_fall:.0f}% of baseline"),
        ("benchmark", f"psychotherapy added by {100 * bench.psychotherapy_fall:.0f}%"),
        ("benchmark", f"drawn at {bench.horizon:g}"),
        ("benchmark", f"After week {bench.data_end:g} there are no PHQ-9 data"),
        ("benchmark", f"From {LOCAL_FROM} closed courses on"),
        ("outcomes", f"with fewer than {FEW} chance alone"),
        ("outcomes", f"from {LOCAL_FROM} courses: what your own"),
        ("administrators", f"{RELIABLE_CHOICES[0]} to {RELIABLE_CHOICES[-1]} points; {rules.reliable_change} if no"),
        ("safety", {180: "three minutes after it was last refreshed"}[int(STALE_SECONDS)]),
    ]


@pytest.mark.parametrize(("page", "sentence"), numbers())
def test_a_number_is_the_codes_own(page: str, sentence: str) -> None:
    assert plain(sentence) in plain(PAGES[page].text)


def test_the_worked_example_is_reckoned_by_the_benchmark() -> None:
    rows = {
        cells[0].strip(): [cell.strip() for cell in cells[1:]]
        for line in PAGES["benchmark"].text.splitlines()
        if len(cells := line.strip("|").split("|")) == 6
    }
    weeks = [int(week) for week in rows["Starting at 19, week"]]
    bench = default_benchmark()
    assert rows["usual care alone"] == [f"{bench.usual_care(19, week):.1f}" for week in weeks]
    assert rows["average with psychotherapy"] == [f"{bench.psychotherapy(19, week):.1f}" for week in weeks]
    assert rows["about 4 in 5 people"] == [f"{e.low80:.1f} to {e.high80:.1f}" for e in (bench.at(19, w) for w in weeks)]


def test_the_pooled_effect_is_the_published_one() -> None:
    with (resources() / "evidence" / "pooled.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["id"] == "giguere2025")
    said = plain(PAGES["benchmark"].text).replace("\N{MINUS SIGN}", "-")
    assert f"Pooled over {row['k']} studies" in said
    assert f"{row['estimate']} (95% interval {row['ci_low']} to {row['ci_high']}; Giguère et al. 2025" in said
    assert row["doi"] in said


# Languages


def test_a_page_in_another_language_is_shown_and_a_missing_one_is_english(tmp_path: Path) -> None:
    (tmp_path / "xx").mkdir()
    (tmp_path / "index.md").write_text("# Help\n\n[One](one.md) [Two](two.md)\n", encoding="utf-8")
    (tmp_path / "one.md").write_text("# One\n", encoding="utf-8")
    (tmp_path / "two.md").write_text("# Two\n", encoding="utf-8")
    (tmp_path / "xx" / "two.md").write_text("# Owt\n", encoding="utf-8")
    pages = Manual(tmp_path, "xx").pages
    assert [(page.title, page.language) for page in pages.values()] == [("Help", "en"), ("One", "en"), ("Owt", "xx")]


def test_the_pages_stand_in_the_order_of_the_contents() -> None:
    named = [page for page, _heading in map(parted, LINK.findall(PAGES[INDEX].text))]
    assert list(PAGES) == [INDEX, *dict.fromkeys(named)]
