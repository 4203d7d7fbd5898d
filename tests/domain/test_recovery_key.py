"""The recovery key in print: read back in any spelling, and every single slip named by its group."""

from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trdtrack.domain import recovery_key
from trdtrack.domain.refusals import Refusal
from trdtrack.words import say

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KEY = hashlib.sha256(b"a caseload").digest()
PRINTED = "-".join(recovery_key.groups(KEY))


def refused(text: str) -> str:
    with pytest.raises(Refusal) as refusal:
        recovery_key.read(text)
    return say(refusal.value.what)


@given(st.binary(min_size=32, max_size=32))
def test_every_key_is_read_back(key: bytes) -> None:
    groups = recovery_key.groups(key)
    assert [len(group) for group in groups] == [5] * 14
    assert set("".join(groups)) <= set(ALPHABET)
    assert recovery_key.read("-".join(groups)) == key


def test_the_letters_are_crockfords_and_the_last_group_a_sum_anybody_can_make() -> None:
    """Decoded here by the bits: four letters of each group hold data, the fifth checks."""
    letters = "".join(group[:4] for group in recovery_key.groups(KEY))
    bits = "".join(f"{ALPHABET.index(letter):05b}" for letter in letters)
    assert int(bits[:256], 2).to_bytes(32) == KEY
    assert bits[256:260] == "0000"
    digest = "".join(f"{byte:08b}" for byte in hashlib.sha256(KEY).digest())
    assert bits[260:] == digest[:20]


@pytest.mark.parametrize(
    "spelt",
    [
        PRINTED.lower(),
        PRINTED.replace("-", ""),
        PRINTED.replace("-", " "),
        PRINTED.replace("-", "\n").replace("0", "O").replace("1", "l"),
        f"  {PRINTED.replace('-', ' – ')} \t".replace("1", "I").replace("0", "o"),
        " ".join(PRINTED.replace("-", "")),
    ],
    ids=["small letters", "run together", "spaces", "O and l", "dashes and I", "letter by letter"],
)
def test_other_spellings_are_the_same_key(spelt: str) -> None:
    assert spelt != PRINTED
    assert recovery_key.read(spelt) == KEY


def test_every_single_wrong_letter_is_named_by_its_group() -> None:
    for place, right in enumerate(PRINTED):
        if right == "-":
            continue
        for wrong in {*ALPHABET, "U"} - {right}:
            typed = PRINTED[:place] + wrong + PRINTED[place + 1 :]
            assert refused(typed) == f"A letter is wrong in group {place // 6 + 1} of the recovery key."


def test_every_two_swapped_letters_or_groups_are_seen() -> None:
    groups = recovery_key.groups(KEY)
    for number, group in enumerate(groups):
        for first in range(5):
            for second in range(first + 1, 5):
                if group[first] == group[second]:
                    continue
                letters = list(group)
                letters[first], letters[second] = letters[second], letters[first]
                typed = "-".join([*groups[:number], "".join(letters), *groups[number + 1 :]])
                assert refused(typed) == f"A letter is wrong in group {number + 1} of the recovery key."
    swapped = list(groups)
    swapped[2], swapped[8] = swapped[8], swapped[2]
    assert refused("-".join(swapped)) == "Letters are wrong in groups 3, 9 of the recovery key."


def test_a_letter_too_few_or_too_many() -> None:
    groups = recovery_key.groups(KEY)
    for number in range(14):
        for other in (groups[number][1:], groups[number] + "7"):
            typed = [*groups[:number], other, *groups[number + 1 :]]
            assert refused("-".join(typed)) == f"Group {number + 1} of the recovery key has not 5 letters."
    plain = PRINTED.replace("-", "")
    assert refused(plain[1:]) == "A recovery key has 70 letters and digits; these are 69."
    assert refused("-".join(groups[:-1])) == "A recovery key has 70 letters and digits; these are 65."


def test_a_group_of_another_key_with_its_own_check_letter_does_not_pass() -> None:
    other = recovery_key.groups(bytes(32))
    groups = recovery_key.groups(KEY)
    for number in range(14):
        mixed = "-".join([*groups[:number], other[number], *groups[number + 1 :]])
        assert refused(mixed) == "The recovery key does not fit together: compare every group with the sheet."


@pytest.mark.parametrize(
    "passphrase",
    [
        "",
        "seven dry tulips",
        "p" * 70,
        "the quick brown fox jumps over the lazy dog and then it goes home at 9 or 10 pm",
        hashlib.sha256(b"x").hexdigest(),
        "山田太郎" * 17,
        "Xk29ab73Qz" * 7,
        "👩‍⚕️🔐" * 14,
        "undecodable \udc80",
    ],
)
def test_a_passphrase_is_not_taken_for_a_recovery_key(passphrase: str) -> None:
    assert recovery_key.read(passphrase) is None


def test_random_letters_hardly_ever_pass() -> None:
    chance = random.Random(7)
    for _ in range(2000):
        typed = "".join(chance.choices(ALPHABET, k=70))
        try:
            assert recovery_key.read(typed) is None
        except Refusal:
            continue
