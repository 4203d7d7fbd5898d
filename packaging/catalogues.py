"""Keep the catalogues: gather every text a person reads out of the code, and bring resources/locale/*.po up to date."""

import ast
import csv
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "resources" / "locale"
TEXTS = {"_": 1, "message": 1, "plural": 2}
"""What marks a text as a person's, and how many of its first arguments are texts; all of `marked` are."""
BASE = "Worded"
"""The base of choices whose values are words for a person."""
WIDTH = 110


def gathered() -> dict[tuple[str, ...], list[str]]:
    """Return each message, (text,) or (one, many), with the files it stands in. Stops at what is no literal."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for file in sorted((ROOT / "trdtrack").rglob("*.py")):
        where = file.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for message in of_code(node, where):
                if message[0] and where not in found[message]:
                    found[message].append(where)
    for file in sorted((ROOT / "resources" / "evidence").glob("*.toml")):
        for text in of_benchmark(tomllib.loads(file.read_text(encoding="utf-8"))):
            found[text,].append(file.relative_to(ROOT).as_posix())
    with (ROOT / "resources" / "evidence" / "pooled.csv").open(encoding="utf-8", newline="") as held:
        for row in csv.DictReader(held):
            if not row["estimate"] and row["note"]:  # shown instead of the figure there is not
                found[row["note"],].append("resources/evidence/pooled.csv")
    # A text that is also the one of a pair is the same entry.
    pairs = {message[0]: message for message in found if len(message) == 2}
    for (text,) in [message for message in found if len(message) == 1 and message[0] in pairs]:
        found[pairs[text]] += found.pop((text,))
    return {message: files for message, files in found.items() if files}


def of_code(node: ast.AST, where: str) -> Iterator[tuple[str, ...]]:
    """Yield the messages a piece of code marks."""
    if isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Name) and base.id == BASE for base in node.bases):
        for part in node.body:
            if isinstance(part, ast.Assign):
                yield (literal(part.value, where),)
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return
    if node.func.id == "marked":
        for text in node.args:
            yield (literal(text, where),)
    elif n := TEXTS.get(node.func.id):
        yield tuple(literal(text, where) for text in node.args[:n])


def of_benchmark(raw: dict) -> Iterator[str]:
    """Yield the texts of a benchmark that are shown; what is cited is cited as it is."""
    yield from (raw["population"], *raw["caveats"], *raw["assumptions"])
    yield from (source["gives"] for source in raw["sources"])


def literal(node: ast.expr, where: str) -> str:
    """Return the text that stands there; what is put together while the program runs could not be translated."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    sys.exit(f"{where}:{node.lineno}: {ast.unparse(node)} is no literal text; mark it where it is written.")


def template() -> Catalog:
    """Return all messages as a catalogue without translations, in the order of the files they stand in."""
    made = Catalog(project="TRDTrack", charset="utf-8")
    for message, files in sorted(gathered().items(), key=lambda one: (one[1][0], one[0])):
        added = made.add(message[0] if len(message) == 1 else message, locations=[(file, None) for file in files])
        if "{" in message[0]:
            added.flags.add("python-brace-format")
    return made


def write(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue without what ages by itself or names anybody: line numbers, dates, addresses."""
    head = ["# TRDTrack. Not yet reviewed by a clinician." if catalogue.locale else "# TRDTrack, without translations."]
    head += ['msgid ""', 'msgstr ""', f'"Language: {catalogue.locale or ""}\\n"']
    head += ['"MIME-Version: 1.0\\n"', '"Content-Type: text/plain; charset=UTF-8\\n"']
    head += ['"Content-Transfer-Encoding: 8bit\\n"', f'"Plural-Forms: {catalogue.plural_forms}\\n"', "", ""]
    for message in catalogue:
        message.flags.discard("python-format")  # a % is a percent sign
    body = BytesIO()
    write_po(body, catalogue, width=WIDTH, omit_header=True, ignore_obsolete=True, include_lineno=False)
    path.write_bytes("\n".join(head).encode() + body.getvalue().lstrip(b"\n"))


def untranslated(catalogue: Catalog) -> list[Message]:
    """Return the messages a catalogue has no words for, or only guessed ones."""
    return [m for m in catalogue if m.id and (m.fuzzy or not all(m.string if m.pluralizable else [m.string]))]


def main(arguments: list[str]) -> int:
    """Bring every language up to date and say what it lacks; or write the template to the one path given."""
    if arguments:
        write(template(), Path(arguments[0]))
        return 0
    lacking = 0
    for file in sorted(LOCALE.glob("*.po")):
        with file.open("rb") as held:
            catalogue = read_po(held, locale=file.stem)
        catalogue.update(template(), no_fuzzy_matching=True)
        write(catalogue, file)
        lacking += (n := len(untranslated(catalogue)))
        print(f"{file.relative_to(ROOT).as_posix()}: {len(catalogue)} messages, {n} not translated")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
