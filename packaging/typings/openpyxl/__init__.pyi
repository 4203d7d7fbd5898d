# The part of openpyxl that reading a workbook needs; it ships no types of its own.
from collections.abc import Iterator
from typing import BinaryIO

class Worksheet:
    title: str
    sheet_state: str
    max_row: int | None
    def reset_dimensions(self) -> None: ...
    def iter_rows(self, *, values_only: bool = ...) -> Iterator[tuple[object, ...]]: ...

class Workbook:
    worksheets: list[Worksheet]
    def close(self) -> None: ...

def load_workbook(
    filename: BinaryIO, read_only: bool = ..., *, data_only: bool = ..., keep_links: bool = ...
) -> Workbook: ...
