"""The promise, sentence by sentence: it stands where people read it, and each sentence names the tests that hold it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROMISE = {
    "Your records stay on this computer, encrypted.": (
        "test_left_behind.py::test_after_a_session_none_of_them_is_left_anywhere",
        "storage/test_passphrase.py::test_no_planted_word_stands_in_the_file_or_beside_it",
        "storage/test_keys.py::test_nothing_of_it_is_readable_without_a_key",
    ),
    "The program opens no connection but to a server you named.": (
        "test_no_network.py::test_the_whole_journey_opens_no_connection",
        "test_no_network.py::test_no_command_opens_a_connection",
        "test_no_network.py::test_printing_asks_for_printers_without_a_network",
        "test_no_network.py::test_a_server_somebody_named_is_the_only_address_asked_for",
        "test_no_network.py::test_a_server_that_is_remembered_is_not_asked_before_somebody_opens_it",
        "test_no_network.py::test_a_connection_would_be_caught",
    ),
    "A save you saw confirmed survives a crash.": (
        "test_durability.py::test_every_confirmed_save_survives_and_none_is_by_halves",
        "test_power_loss.py::test_nothing_confirmed_is_missing_after_a_power_cut",
        "test_power_loss.py::test_without_syncing_it_would_be",
    ),
    "Nothing is erased without a trace.": (
        "storage/test_erasure.py::test_one_line_stays_and_undo_ends",
        "storage/test_chain.py::test_the_guards_refuse",
        "storage/test_chain.py::test_a_change_behind_the_programs_back_is_named",
    ),
    "You can leave at any time with CSV and PDF.": (
        "test_cli_export.py::test_one_patient_as_each_of_them",
        "test_cli_export.py::test_all_patients_as_each_of_them",
        "ui/test_journey.py::test_the_first_day",
    ),
    "If you lose both passphrase and recovery key, nobody can open the file.": (
        "storage/test_keys.py::test_a_change_keeps_everything_and_the_old_keys_open_nothing",
        "storage/test_keys.py::test_nothing_of_it_is_readable_without_a_key",
        "storage/test_passphrase.py::test_a_passphrase_that_is_nearly_right_is_wrong",
    ),
}


@pytest.mark.parametrize("place", ["README.md", "resources/help/safety.md"])
def test_the_promise_stands_where_people_read_it(place: str) -> None:
    assert " ".join(PROMISE) in " ".join((ROOT / place).read_text(encoding="utf-8").split())


@pytest.mark.parametrize("sentence", PROMISE)
def test_each_sentence_has_its_tests(sentence: str) -> None:
    for named in PROMISE[sentence]:
        file, _, test = named.partition("::")
        tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
        assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, named
