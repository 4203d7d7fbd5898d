# pandas ships no types of its own: its frames are used as they come.
from typing import Any

def __getattr__(name: str) -> Any: ...
