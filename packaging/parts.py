"""What goes into the packaged program and what stays out, each with its reason; read by the spec and by the tests."""

from __future__ import annotations

from pathlib import PurePath

HIDDEN = ("resource",)
"""Modules the program brings in by a name in a string, which PyInstaller cannot see."""

EXCLUDED = {
    "tkinter": "the window is Qt's",
    "PySide6.QtQml": "no QML: the window is made of widgets",
    "PySide6.QtQuick": "no QML",
    "PySide6.QtSql": "the file is SQLCipher's",
    "PySide6.QtTest": "tests are not shipped",
    "PySide6.QtUiTools": "no .ui files",
    "PySide6.QtDesigner": "no .ui files",
    "PySide6.scripts": "Qt's tools for developers",
    "pyqtgraph.examples": "not shipped",
    "pyqtgraph.opengl": "nothing is drawn by OpenGL",
    "pyqtgraph.flowchart": "not used",
    "pyqtgraph.jupyter": "not used",
    "pyqtgraph.console": "not used",
    "pyqtgraph.canvas": "not used",
    "matplotlib": "charts are pyqtgraph's",
    "IPython": "no console",
    "PIL": "segno and python-docx do without",
    "pytest": "tests are not shipped",
    "_pytest": "tests are not shipped",
    "hypothesis": "tests are not shipped",
    "numpy._core.tests": "tests are not shipped",
    "pandas.tests": "tests are not shipped",
    "sqlalchemy.testing": "tests are not shipped",
    "scipy.cluster": "of scipy only the roots, minima and special functions are used",
    "scipy.datasets": "see scipy.cluster",
    "scipy.differentiate": "see scipy.cluster",
    "scipy.integrate": "see scipy.cluster",
    "scipy.interpolate": "see scipy.cluster",
    "scipy.io": "see scipy.cluster",
    "scipy.ndimage": "see scipy.cluster",
    "scipy.odr": "see scipy.cluster",
    "scipy.signal": "see scipy.cluster",
    "scipy.stats": "see scipy.cluster",
    "lxml.objectify": "python-docx needs lxml.etree alone",
    "lxml.html": "see lxml.objectify",
    "sqlite3": "the file is SQLCipher's",
    "_sqlite3": "see sqlite3",
    "readline": "no console",
    "curses": "no console",
    "_curses": "no console",
    "setuptools": "a builder's tool",
    "pkg_resources": "a builder's tool",
    "pip": "a builder's tool",
    "ensurepip": "a builder's tool",
    "distutils": "a builder's tool",
    "lib2to3": "a builder's tool",
    "idlelib": "an editor",
    "pydoc_data": "Python's own manual",
}
"""Modules left out though something names them, and why."""

QT_PLUGINS = {
    "platforms": ("qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"),
    "platformthemes": ("qxdgdesktopportal",),
    "platforminputcontexts": ("composeplatforminputcontext", "ibusplatforminputcontext"),
    "wayland-decoration-client": ("",),
    "wayland-graphics-integration-client": ("",),
    "wayland-shell-integration": ("",),
    "xcbglintegrations": (),
    "egldeviceintegrations": (),
    "generic": (),
    "iconengines": (),
    "imageformats": ("qjpeg",),
    "networkinformation": (),
    "printsupport": ("",),
    "styles": ("qmodernwindowsstyle", "qmacstyle"),
    "tls": (),
}
"""Of each kind of Qt plugin those that are shipped, by how the file's name begins (after `lib`); "" for all."""

QT_LIBRARIES = (
    "EglFSDeviceIntegration", "EglFsKmsSupport", "Multimedia", "Pdf", "Qml", "Quick", "Sql", "Test", "VirtualKeyboard",
    "WebEngine",
)  # fmt: skip
"""Qt libraries that only plugins left out would load, by how their name begins after `Qt6` or `Qt`."""

BUNDLED = (
    "libpython", "libxcb-cursor", "libxcb-icccm", "libxcb-image", "libxcb-keysyms", "libxcb-render-util", "libxcb-util",
    "libxkbcommon", "libffi", "libcrypto", "libssl", "libbz2", "liblzma",
)  # fmt: skip
"""Of the libraries of the Linux that builds, those that are shipped: others may lack them, or have another version."""

SYSTEM = {
    "libc6": ("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1", "libresolv.so.2",
              "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"),
    "libstdc++6": ("libstdc++.so.6",),
    "libgcc-s1": ("libgcc_s.so.1",),
    "zlib1g": ("libz.so.1",),
    "libglib2.0-0 | libglib2.0-0t64": ("libglib-2.0.so.0", "libgthread-2.0.so.0", "libgobject-2.0.so.0",
                                       "libgio-2.0.so.0"),
    "libfontconfig1": ("libfontconfig.so.1",),
    "libfreetype6": ("libfreetype.so.6",),
    "libdbus-1-3": ("libdbus-1.so.3",),
    "libgl1": ("libGL.so.1", "libGLX.so.0", "libOpenGL.so.0"),
    "libegl1": ("libEGL.so.1",),
    "libx11-6": ("libX11.so.6",),
    "libx11-xcb1": ("libX11-xcb.so.1",),
    "libxcb1": ("libxcb.so.1",),
    "libxcb-glx0": ("libxcb-glx.so.0",),
    "libxcb-randr0": ("libxcb-randr.so.0",),
    "libxcb-render0": ("libxcb-render.so.0",),
    "libxcb-shape0": ("libxcb-shape.so.0",),
    "libxcb-shm0": ("libxcb-shm.so.0",),
    "libxcb-sync1": ("libxcb-sync.so.1",),
    "libxcb-xfixes0": ("libxcb-xfixes.so.0",),
    "libxcb-xkb1": ("libxcb-xkb.so.1",),
    "libwayland-client0": ("libwayland-client.so.0",),
    "libwayland-cursor0": ("libwayland-cursor.so.0",),
    "libwayland-egl1": ("libwayland-egl.so.1",),
    "libdrm2": ("libdrm.so.2",),
    "libbrotli1": ("libbrotlidec.so.1", "libbrotlicommon.so.1"),
    "libgssapi-krb5-2": ("libgssapi_krb5.so.2",),
    "libuuid1": ("libuuid.so.1",),
    "libzstd1": ("libzstd.so.1",),
}  # fmt: skip
"""Debian's packages the program needs, and the libraries each brings; a build that needs another one stops."""

LOADED_LATE = ("libegl1", "libgl1")
"""Packages of libraries that Qt loads by name while it runs."""

RECOMMENDED = {
    "libcups2 | libcups2t64": "libcups.so.2",
    "fontconfig-config": "where fonts lie",
    "shared-mime-info": "a double click on a caseload",
    "desktop-file-utils": "a double click on a caseload",
    "hicolor-icon-theme": "the icon",
}
"""What the program does without; `libcups` is loaded for printing alone."""

LANGUAGES = ("en", "de", "es", "fr")
"""The languages shipped: their countries' ways of writing dates come along; of other languages the main one only."""


def wanted(target: str) -> bool:
    """Whether a file PyInstaller collected is shipped; `target`: its place in the program's folder."""
    path = PurePath(target.replace("\\", "/"))
    parts, name = path.parts, path.name
    if "PySide6" in parts:
        return _of_qt(parts, name)
    if "babel" in parts and "locale-data" in parts:
        return _country(path.stem)
    # Their tests lie among the modules of numpy, scipy and pandas.
    return "tests" not in parts and name != "py.typed"


def bundled(target: str, source: str) -> bool:
    """Whether a library of the Linux that builds is shipped; `source`: where PyInstaller found it."""
    own = "site-packages" in source or "lib-dynload" in source
    return own or PurePath(target).name.startswith(BUNDLED)


def _of_qt(parts: tuple[str, ...], name: str) -> bool:
    if "qml" in parts or "metatypes" in parts or name.endswith((".pyi", ".json")):
        return False
    if "translations" in parts:
        return name.startswith("qtbase_")  # of every language: a clinic may add one of its own
    if "plugins" in parts:
        kind = parts[parts.index("plugins") + 1]
        return name.removeprefix("lib").startswith(QT_PLUGINS.get(kind, ()))
    library = name.removeprefix("lib").removeprefix("Qt6").removeprefix("Qt")
    return library == name or not library.startswith(QT_LIBRARIES)


def _country(locale: str) -> bool:
    language, _, country = locale.partition("_")
    return not country or language in LANGUAGES
