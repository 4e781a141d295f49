"""Serving the page: what Solara must not do, who may ask, and where it listens."""

from __future__ import annotations

import os
import socket
import warnings
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from pathlib import Path

    Message = MutableMapping[str, Any]
    App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]

SWITCHES = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_TITLE": "redesign-sim",
    "SOLARA_MODE": "production",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_SESSION_HTTP_ONLY": "False",
}
"""Set before Solara is imported: it tells nobody, fetches nothing, and forgets a closed tab within minutes."""

POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self'; frame-ancestors 'none'; "
    "form-action 'none'; base-uri 'self'"
)
"""What a browser may do for the page: nothing that leaves this server. Vue's templates are compiled in the browser."""
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


def switch(folder: Path) -> None:
    """Set Solara's switches; has to come before Solara is imported."""
    os.environ.update(SWITCHES | {"SOLARA_ASSETS_PROXY_CACHE_DIR": str(folder)})


class Listening(NamedTuple):
    """Whether others can reach the page, and what they type for it."""

    wide: bool = False
    address: str = ""


_listening = [Listening()]


def listening() -> Listening:
    """Where this server listens."""
    return _listening[0]


def is_local(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there yet. Raises OSError where the host is none of this machine's."""
    family, *_, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(where)
        except OSError as error:
            if error.errno in {98, 48, 10048}:
                return False
            raise
    return True


def address_of(host: str, port: int) -> str:
    """What others type to reach the page; for a machine that listens everywhere, its address in the local network."""
    name = _own_address() if host in {"0.0.0.0", "::"} else host  # noqa: S104  it is compared, not bound
    return f"http://{name}:{port}"


def _own_address() -> str:
    """The address that this machine would send from; a datagram socket that connects sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as attempt:
        try:
            attempt.connect(("192.0.2.1", 9))
            return str(attempt.getsockname()[0])
        except OSError:
            return "127.0.0.1"


class Guard:
    """In front of Solara: strangers' pages cannot speak to this server, and this page cannot speak to any other."""

    def __init__(self, app: App, *, local: bool) -> None:
        """`local`: whether the page is for this machine only, so that it is asked for by no other name."""
        self._app, self._local = app, local

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:  # noqa: ANN401  ASGI's own
        """Let a request through, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif not self._welcome(dict(scope["headers"]), websocket=scope["type"] == "websocket"):
            await _refuse(scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send) if scope["type"] == "http" else send)

    def _welcome(self, headers: dict[bytes, bytes], *, websocket: bool) -> bool:
        """Whether a request names this server, and comes from its own page."""
        host, origin = headers.get(b"host", b"").decode("latin-1"), headers.get(b"origin", b"").decode("latin-1")
        if self._local and not is_local(urlsplit(f"//{host}").hostname or ""):
            return False
        return urlsplit(origin).netloc == host if origin or websocket else True


async def _refuse(scope: Message, receive: Any, send: Any) -> None:  # noqa: ANN401
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"This page is not to be asked for in this way."})


def _with_headers(send: Callable[[Message], Awaitable[None]]) -> Callable[[Message], Awaitable[None]]:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *HEADERS]}
        await send(message)

    return told


def stay_home() -> None:
    """Solara fetches nothing, even where a file of the kit is missing."""
    from solara.server import cdn_helper  # noqa: PLC0415  Solara reads its switches when it is imported

    def refuse(url: object) -> bytes:
        raise FileNotFoundError(f"the page asks nobody for {url}")

    cdn_helper.fetch_from_cdn = refuse


def say_nothing_of_frames() -> None:
    """Solara's warning that its cookies will not do within another page is no use here: no page may frame this one."""
    warnings.filterwarnings("ignore", message="Cookies with samesite=none require https", category=UserWarning)


def serve(host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve the page until interrupted."""
    import uvicorn  # noqa: PLC0415
    from solara.server import app as apps  # noqa: PLC0415
    from solara.server.starlette import app as solara_app  # noqa: PLC0415

    stay_home()
    say_nothing_of_frames()
    apps.apps["__default__"] = apps.AppScript("redesign_sim.ui.app")
    _listening[0] = Listening(not is_local(host), address_of(host, port))
    guarded = Guard(solara_app, local=is_local(host))
    config = uvicorn.Config(guarded, host, port, log_level="error", timeout_graceful_shutdown=1, server_header=False)
    server = uvicorn.Server(config)
    begin = server.startup

    async def begun(sockets: list[socket.socket] | None = None) -> None:
        await begin(sockets)
        ready()

    server.startup = begun  # type: ignore[method-assign]  # it has no other way of saying so
    server.run()
