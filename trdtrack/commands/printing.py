"""What commands print alike: JSON, and the problems of a file line by line."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trdtrack.domain.refusals import Problem


def print_json(found: dict[str, Any]) -> None:
    """Print a JSON object any terminal can show."""
    # Where a letter could not be printed it is escaped, which is the same JSON; a question mark would be another.
    plain_letters = "utf" not in (getattr(sys.stdout, "encoding", None) or "").lower()
    print(json.dumps(found, indent=2, ensure_ascii=plain_letters, allow_nan=False))


def print_problems(problems: Iterable[Problem]) -> None:
    """Print what is wrong in a file of scores or trials, one problem a line."""
    for problem in problems:
        print(f"line {problem.line}, {problem.column}: {say(problem.what)}")
