"""What every test starts from: no display, English, a home of its own, an application with its theme, a fixed day."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")
os.environ["TRDTRACK_LANGUAGE"] = "en"

import functools
import gc
import sys
from datetime import date, datetime

import pytest
from command_line import Program
from hypothesis import HealthCheck, settings

from trdtrack.storage import cipher

pytest_plugins = ["cluster", "clinic", "served"]

# A busy machine is no failure; where a run decides what lands, it draws the same examples every time.
settings.register_profile(
    "here",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("here")

TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 9, 30).astimezone()


@pytest.fixture(scope="session")
def qapp():
    from trdtrack.ui.app import application  # noqa: PLC0415 - the platform is set first

    return application()


@pytest.fixture(autouse=True)
def tidied():
    """Once there is an application garbage is looked for in its thread alone: the program's timer seldom comes here."""
    yield
    if not gc.isenabled():
        tidying = sys.modules["trdtrack.ui.tidying"]
        tidying.tidy()


@pytest.fixture(autouse=True, scope="session")
def remembered_keys():
    """The key derivation is the real one, remembered by passphrase and salt: copies of one file open fast."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cipher, "derive_key", functools.lru_cache(cipher.derive_key))
        yield


@pytest.fixture
def program(tmp_path, monkeypatch, capsys):
    """The command line in this process, in a folder of the test's own."""
    return Program(tmp_path, monkeypatch, capsys)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch):
    """Settings and logs go to a folder of the test's own, never to the home of whoever runs it."""
    home = tmp_path_factory.mktemp("home")
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    for name in (*names, "APPDATA", "LOCALAPPDATA", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    return home
