"""Where a clinic's server keeps its caseload: read from what a person writes, encrypted on the way, never a password.

Two forms are taken, as PostgreSQL has them: `postgresql://name@host:port/database?option=value` and `service=NAME`,
which names an entry of the computer's own list of services.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal

_SCHEMES = ("postgresql://", "postgres://")
_SERVICE = "service="
_ENCRYPTED = ("require", "verify-ca", "verify-full")
_MODES = ("disable", "allow", "prefer", *_ENCRYPTED)
_IN_THE_URL = ("user", "host", "port", "dbname")
_SECRET = ("password", "sslpassword", "passfile")
_TAKEN = frozenset({
    *_IN_THE_URL, "service", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding",
    "connect_timeout", "target_session_attrs", "krbsrvname",
})  # fmt: skip
"""What may stand in an address: nothing that leads elsewhere than it says (hostaddr) or changes what is asked for."""
_PART = re.compile(r"\s*(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([^\s'\\]+))(?:\s+|$)")


@dataclass(frozen=True)
class Address:
    """An address of a caseload on a server. `parts` are by the names PostgreSQL has for them, in a fixed order."""

    parts: tuple[tuple[str, str], ...]

    @staticmethod
    def is_one(text: str) -> bool:
        """Whether a text is meant as an address, and not as the path of a file."""
        return text.strip().lower().startswith((*_SCHEMES, _SERVICE))

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read an address; refuses, naming the field `address`, what is none, holds a password, or goes unencrypted."""
        text = text.strip()
        if not cls.is_one(text):
            raise _refusal(_NONE)
        try:
            pairs = _of_service(text) if text.lower().startswith(_SERVICE) else _of_url(text)
        except ValueError:
            raise _refusal(_NONE) from None
        parts = dict(pairs)
        if any(key in parts for key in _SECRET):
            raise _refusal(_WITH_PASSWORD)
        for key in parts:
            if key not in _TAKEN:
                raise _refusal(message("“{part}” cannot stand in an address: take it out.", part=key))
        address = cls(tuple(sorted((key, value) for key, value in parts.items() if value)))
        hosts, ports = (address._part(key).split(",") for key in ("host", "port"))
        if not all(port.isdecimal() or not port for port in ports) or len(ports) not in {1, len(hosts)}:
            raise _refusal(_NONE)
        address._refuse_open()
        return address

    def _refuse_open(self) -> None:
        mode = self._part("sslmode")
        if mode and mode not in _MODES:
            raise _refusal(message("There is no sslmode “{mode}”: write sslmode=verify-full.", mode=mode))
        if mode and mode not in _ENCRYPTED and not self.near:
            raise _refusal(
                message("With sslmode={mode} the way to the server is not encrypted: take it out.", mode=mode)
            )

    def _part(self, key: str) -> str:
        return dict(self.parts).get(key, "")

    @property
    def user(self) -> str:
        """The name to log in by; empty where the address has none."""
        return self._part("user")

    def of_user(self, user: str) -> Address:
        """Return the same place for another person; a name that is empty leaves it to the address."""
        return replace(self, parts=tuple(sorted({**dict(self.parts), "user": user}.items()))) if user else self

    @property
    def near(self) -> bool:
        """Whether every host named is this computer itself, by loopback or a Unix socket: nobody listens between.

        Where the host is left to a list of services or to the surroundings it may be any.
        """
        hosts = self._part("host").split(",")
        return not self._part("service") and all(map(_is_near, hosts))

    @property
    def name(self) -> str:
        """What a person is shown: the database and its server, or the service's name, without who logs in."""
        if service := self._part("service"):
            return service
        hosts = [host for host in self._part("host").split(",") if host and not _is_socket(host)]
        return "/".join(filter(None, (",".join(hosts), self._part("dbname") or self.user)))

    @property
    def text(self) -> str:
        """The address in one line, always the same for the same place; `parse` reads it again."""
        parts = dict(self.parts)
        if "service" in parts:
            first = [("service", parts.pop("service"))]
            return " ".join(f"{key}={_quoted(value)}" for key, value in (*first, *parts.items()))
        user = quote(parts.pop("user", ""), safe="")
        host, port, database = (parts.pop(key, "") for key in ("host", "port", "dbname"))
        if any(map(_is_socket, host.split(","))):  # a path cannot stand where hosts do
            parts |= {key: value for key, value in (("host", host), ("port", port)) if value}
            host = port = ""
        options = urlencode(sorted(parts.items()), safe="/,", quote_via=quote)
        where = f"{user}@" * bool(user) + _hosts(host, port)
        return f"{_SCHEMES[0]}{where}/{quote(database, safe='')}" + f"?{options}" * bool(options)

    def options(self) -> dict[str, str]:
        """Return what libpq is handed: the parts, with encryption and a proven server where nothing was said of it."""
        if not self.near:
            return {"sslmode": "verify-full", **dict(self.parts)}
        # Empty, or the surroundings (PGHOSTADDR) could lead elsewhere.
        return {"sslmode": "prefer", "hostaddr": "", **dict(self.parts)}


_NONE = message(
    "This is no address of a server. Write it as postgresql://name@server/caseload, or as service=NAME if the"
    " clinic's administrator gave you a name."
)
_WITH_PASSWORD = message(
    "An address holds no password, since it is shown and remembered. Take it out; the password is asked for by itself."
)


def _refusal(what: Message) -> Refusal:
    return Refusal(what, field="address")


def _of_service(text: str) -> list[tuple[str, str]]:
    pairs, at = list[tuple[str, str]](), 0
    while at < len(text):
        found = _PART.match(text, at)
        if not found:
            raise ValueError(text)
        key, quoted, plain = found.groups()
        pairs.append((key.lower(), plain or re.sub(r"\\(.)", r"\1", quoted or "")))
        at = found.end()
    return pairs


def _of_url(text: str) -> list[tuple[str, str]]:
    split = urlsplit(text.replace("#", "%23"))  # there are no fragments here: it may be in a name
    who, _at, where = split.netloc.rpartition("@")
    user, colon, _password = who.partition(":")
    if colon:
        raise _refusal(_WITH_PASSWORD)
    hosts, ports = list[str](), list[str]()
    for one in filter(None, where.split(",")):
        found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)(?::(\d*))?", one)
        if not found:
            raise ValueError(text)
        hosts.append(unquote(found[1].strip("[]")))
        ports.append(found[2] or "")
    parts = {
        "user": unquote(user),
        "host": ",".join(hosts),
        "port": ports[0] if len(set(ports)) == 1 else ",".join(ports),
        "dbname": unquote(split.path.removeprefix("/")),
    }
    asked = parse_qsl(split.query, keep_blank_values=True, strict_parsing=bool(split.query))
    return [*((key, value) for key, value in parts.items() if value), *((key.lower(), value) for key, value in asked)]


def _hosts(host: str, port: str) -> str:
    hosts = [f"[{one}]" if ":" in one else quote(one, safe="") for one in host.split(",")]
    ports = port.split(",") if "," in port else [port] * len(hosts)
    return ",".join(f"{one}:{number}" if number else one for one, number in zip(hosts, ports, strict=True))


def _quoted(value: str) -> str:
    if value and not re.search(r"[\s'\\]", value):
        return value
    return "'" + re.sub(r"(['\\])", r"\\\1", value) + "'"


def _is_socket(host: str) -> bool:
    return host.startswith(("/", "@"))


def _is_near(host: str) -> bool:
    if _is_socket(host) or host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
