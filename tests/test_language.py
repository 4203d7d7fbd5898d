"""The catalogues and what reads them: complete, in step with the code, the same fields; days and figures as written."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from trdtrack import locales, settings, words
from trdtrack.domain.message import Figure, Worded, message, plural
from trdtrack.paths import resources
from trdtrack.po import Catalogue
from trdtrack.pseudo import accented

ROOT = Path(__file__).parent.parent
SHIPPED = [code for code in locales.NAMES if code != locales.ENGLISH]
_path = importlib.util.spec_from_file_location("catalogues", ROOT / "packaging" / "catalogues.py")
catalogues = importlib.util.module_from_spec(_path)
_path.loader.exec_module(catalogues)

SPRING = date(2026, 3, 9)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """Each test begins and ends in English, with no language chosen."""
    monkeypatch.delenv(locales.VARIABLE, raising=False)
    yield
    locales.speak(locales.ENGLISH)


@pytest.fixture(scope="module")
def gathered():
    return catalogues.gathered()


def po_of(code):
    with (resources() / "locale" / f"{code}.po").open("rb") as held:
        return read_po(held, locale=code)


def said(entry):
    """What stands for a message, each form of it."""
    return entry.string if entry.pluralizable else [entry.string]


def texts(entry):
    return entry.id if entry.pluralizable else [entry.id]


def fields(text):
    return {name for _text, name, _form, _as in Formatter().parse(text) if name is not None}


# The catalogues


def test_every_language_that_is_named_is_there_and_none_besides():
    assert sorted(SHIPPED) == sorted(file.stem for file in (resources() / "locale").iterdir())


@pytest.mark.parametrize("code", SHIPPED)
def test_a_language_is_complete_and_holds_nothing_that_is_not_said_any_more(code, gathered):
    catalogue = po_of(code)
    assert [entry.id for entry in catalogues.untranslated(catalogue)] == []
    there = {tuple(texts(entry)) for entry in catalogue if entry.id}
    assert set(gathered) - there == set(), "run packaging/dev.py catalogues, then translate what came new"
    assert there - set(gathered) == set(), "run packaging/dev.py catalogues"


@pytest.mark.parametrize("code", SHIPPED)
def test_a_translation_keeps_fields_paragraphs_and_spaces(code):
    wrong = []
    for entry in po_of(code):
        if not entry.id:
            continue
        wanted = set().union(*(fields(text) for text in texts(entry)))
        least = fields(texts(entry)[-1]) - {"n"}
        for form in said(entry):
            if not (least <= fields(form) <= wanted):
                wrong.append((entry.id, form, "fields"))
            plain = entry.id[0] if entry.pluralizable else entry.id
            if form.count("\n\n") != plain.count("\n\n") or ("\n" in form) != ("\n" in plain):
                wrong.append((entry.id, form, "paragraphs"))
            if any((form == side(form)) != (plain == side(plain)) for side in (str.lstrip, str.rstrip)):
                wrong.append((entry.id, form, "spaces at an end"))
            if form.count("`") != plain.count("`"):
                wrong.append((entry.id, form, "backquotes"))
    assert wrong == []


@pytest.mark.parametrize("code", SHIPPED)
def test_a_language_has_as_many_forms_as_it_says(code):
    catalogue = po_of(code)
    assert {len(entry.string) for entry in catalogue if entry.id and entry.pluralizable} == {catalogue.num_plurals}


BAD_TYPE = {
    "de": r"\.\.\.|\"|“[^„“]*”|\d\.\d+ ?Punkte|\d%",
    "es": r"\.\.\.|\"|\d%|(?<![¿\w])¿\s",
    "fr": r"\.\.\.|\"|\w'\w|[^\s\u00a0\u202f][!?;](?=\s|$)|[^\u00a0\u202f]»|«[^\u00a0\u202f]| [:;!?](?=\s|$)|\d%",
}


@pytest.mark.parametrize("code", SHIPPED)
def test_a_language_is_set_as_it_is_set_in_print(code):
    wrong = re.compile(BAD_TYPE[code])
    found = [
        (form, wrong.search(form).group())
        for entry in po_of(code)
        if entry.id
        for form in said(entry)
        if wrong.search(re.sub(r"`[^`]*`|\{[^{}]*\}", "x", form))
        and not wrong.search(re.sub(r"`[^`]*`|\{[^{}]*\}", "x", texts(entry)[0]) if code == "de" else "")
        and wrong.search(form)
    ]
    assert found == []


@pytest.mark.parametrize("code", SHIPPED)
def test_our_own_reader_reads_what_babel_reads(code):
    catalogue = po_of(code)
    ours = Catalogue((resources() / "locale" / f"{code}.po").read_text(encoding="utf-8"))
    form = {n: ours.ngettext("{n} week", "{n} weeks", n) for n in (0, 1, 2, 5)}
    theirs = catalogue.get("{n} week").string
    assert form[1] == theirs[0]
    assert form[2] == form[5] == theirs[1]
    assert form[0] == theirs[0 if code == "fr" else 1]
    for entry in catalogue:
        if entry.id:
            assert ours.gettext(texts(entry)[0]) == said(entry)[0]


# What is gathered


def test_a_text_that_is_put_together_cannot_be_gathered():
    good = ast.parse('message("one {n}", n=1)', mode="eval").body
    assert list(catalogues.of_code(good, "here.py")) == [("one {n}",)]
    for code in ('message(f"one {n}")', "_(text)", 'plural("one", many, 2)', 'marked("one", two)'):
        with pytest.raises(SystemExit, match="no literal"):
            list(catalogues.of_code(ast.parse(code, mode="eval").body, "here.py"))


def test_the_words_of_a_choice_are_gathered(gathered):
    kinds = Worded.__subclasses__()
    assert len(kinds) >= 14
    for kind in kinds:
        for one in kind:
            assert one.words.text == one.value
            assert not one.value or any(message[0] == one.value for message in gathered)


# What is chosen


def test_english_is_spoken_where_nobody_asks_for_anything():
    assert locales.wanted([]) == "en"
    assert locales.wanted(["C"]) == "en"
    assert locales.wanted(["nl-NL", "sv"]) == "en"


def test_the_system_s_language_is_spoken_with_its_country(monkeypatch):
    assert locales.wanted(["de-AT", "en"]) == "de_AT"
    assert locales.wanted(["nl-NL", "fr_FR.UTF-8"]) == "fr_FR"
    assert locales.wanted(["en-GB", "de"]) == "en"
    settings.remember_language("es")
    assert locales.wanted(["de-AT"]) == "es"
    assert locales.wanted(["es-MX"]) == "es_MX"
    monkeypatch.setenv(locales.VARIABLE, "fr")
    assert locales.wanted(["de-AT"]) == "fr"
    settings.remember_language("")
    monkeypatch.delenv(locales.VARIABLE)
    assert locales.wanted(["de"]) == "de"


def test_a_language_that_is_not_there_leaves_the_program_english():
    assert locales.speak("xx") == "en"
    assert words.say(message("Settings")) == "Settings"


def put(name, text):
    folder = settings.catalogues()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


HEAD = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""


def test_a_catalogue_dropped_into_the_folder_is_found_and_spoken(monkeypatch, own_home):
    monkeypatch.setenv("XDG_DATA_HOME", str(own_home))
    put("it.po", HEAD + 'msgid "Settings"\nmsgstr "Impostazioni"\n')
    found = {one.code: one for one in locales.languages()}
    assert found["it"].own
    assert not found["de"].own
    assert locales.speak("it_IT") == "it"
    assert words._("Settings") == "Impostazioni"
    assert words._("Caseload") == "Caseload", "what it lacks is said in English"
    assert words.figures("1.5") == "1,5"


def test_a_compiled_catalogue_is_read_as_well(monkeypatch, own_home):
    from io import BytesIO  # noqa: PLC0415

    from babel.messages.mofile import write_mo  # noqa: PLC0415

    monkeypatch.setenv("XDG_DATA_HOME", str(own_home))
    put("nl.po", HEAD)
    made = BytesIO()
    write_mo(made, po_of("de"))
    (settings.catalogues() / "nl.po").unlink()
    (settings.catalogues() / "nl.mo").write_bytes(made.getvalue())
    assert locales.speak("nl") == "nl"
    assert words._("Settings") == "Einstellungen"


@pytest.mark.parametrize("text", ["this is no catalogue", HEAD + 'msgid "a"\nmsgstr b\n', "\0\1\2"])
def test_a_broken_catalogue_leaves_the_program_english(text, monkeypatch, own_home):
    monkeypatch.setenv("XDG_DATA_HOME", str(own_home))
    put("it.po", text)
    put("sv.mo", text)
    assert locales.speak("it") == "en"
    assert locales.speak("sv") == "en"
    assert words._("Settings") == "Settings"


def test_a_slip_in_a_catalogue_brings_no_sentence_down(monkeypatch, own_home):
    monkeypatch.setenv("XDG_DATA_HOME", str(own_home))
    put(
        "it.po", HEAD + 'msgid "week {week}"\nmsgstr "settimana {settimana}"\n\n#, fuzzy\nmsgid "Risk"\nmsgstr "Riso"\n'
    )
    assert locales.speak("it") == "it"
    assert words.say(message("week {week}", week=3)) == "week 3"
    assert words._("Risk") == "Risk", "what is only guessed is no translation"


# Days and figures

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def test_english_is_written_as_it_always_was():
    for n in range(366):
        when = date(2028, 1, 1) + timedelta(days=n)
        assert words.day(when) == f"{when.day} {MONTHS[when.month - 1]} {when.year}"
        assert words.month_day(when) == f"{when.day} {MONTHS[when.month - 1]}"
    assert words.figures("1.5") == "1.5"
    assert words.say(message("{g:.2f} and {x:.0%}", g=1.5, x=0.3)) == "1.50 and 30%"


@pytest.mark.parametrize(
    ("code", "day", "short", "figures"),
    [
        ("de", "9. März 2026", "9. März", "1,5 (30\u00a0%)"),
        ("de_AT", "9. März 2026", "9. März", "1,5 (30\u00a0%)"),
        ("es", "9 mar 2026", "9 mar", "1,5 (30\u00a0%)"),
        ("fr", "9 mars 2026", "9 mars", "1,5 (30\u202f%)"),
    ],
)
def test_days_and_figures_are_written_as_the_language_does(code, day, short, figures):
    locales.speak(code)
    assert words.day(SPRING) == day
    assert words.month_day(SPRING) == short
    assert words.figures("1.5 (30%)").replace("\u00a0%", "\u202f%") == figures.replace("\u00a0%", "\u202f%")
    said = message("{g} {x:.1f} {day}", g=Figure("0.25"), x=-2.5, day=SPRING)
    assert words.say(said) == f"0,25 -2,5 {day}"
    assert words.moment(datetime(2026, 3, 9, 14, 5).astimezone()).endswith(" 14:05")


def test_january_is_called_as_the_country_calls_it():
    locales.speak("de_AT")
    assert words.month(date(2026, 1, 1), year=True).startswith("Jän")
    locales.speak("de")
    assert words.month(date(2026, 1, 1), year=True).startswith("Jan")


def test_sentences_with_a_number_take_the_language_s_form():
    locales.speak("fr")
    none, one, two = (words.say(plural("{n} week", "{n} weeks", n)) for n in (0, 1, 2))
    assert none.replace("0", "1") == one
    assert two.endswith("s")


# The PHQ-9


def test_the_questionnaire_stays_as_it_was_published_and_that_is_said():
    english = words.phq9_wording()
    assert words.wording_remark() is None
    locales.speak("de")
    assert words.phq9_wording() == english
    assert words.wording_remark() is not None
    asked = {text for message in catalogues.gathered() for text in message}
    assert asked & {*english.items, english.stem, english.difficulty} == set()


# The pseudo-language


def test_the_pseudo_language_is_two_fifths_longer_and_keeps_the_fields():
    text = "Save {n} of {all:.1f} scores of this patient in the caseload"
    longer = accented(text)
    assert fields(longer) == fields(text)
    assert len(longer) >= len(text) * 1.38
    assert longer.startswith("⟦")
    assert longer.endswith("⟧")
    assert accented("{a}: {b}\n") == "{a}: {b}\n", "signs alone have nothing to translate"


# The start


def test_english_brings_in_nothing_of_the_languages():
    script = (
        "import sys; from trdtrack.ui import language; language.begin(); import trdtrack.ui.app; "
        "print(*(m for m in sys.modules if m.split('.')[0] == 'babel' or m in "
        "('trdtrack.po', 'trdtrack.cldr', 'trdtrack.pseudo')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=settings_free("en")
    )
    assert done.stdout.split() == []


def settings_free(code):
    import os  # noqa: PLC0415

    return os.environ | {locales.VARIABLE: code}


def test_the_command_line_speaks_the_language_asked_for(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "trdtrack", "patients", str(tmp_path / "nothing.trdtrack")],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=settings_free("de") | {"TRDTRACK_PASSPHRASE": "x", "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 1
    assert "gibt es" in done.stderr or "nicht" in done.stderr
