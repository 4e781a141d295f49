"""Who may ask for the page, where it listens, and what it needs beforehand."""

from __future__ import annotations

import asyncio
import socket
import tarfile
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from redesign_sim.ui import kit
from redesign_sim.ui.serving import Guard, address_of, is_free, is_local, say_nothing_of_frames

if TYPE_CHECKING:
    from pathlib import Path


def asked(host: str, origin: str = "", *, kind: str = "http", local: bool = True) -> tuple[bool, list[dict[str, Any]]]:
    """Whether a request came through, and what was answered."""
    reached, sent = [], list[dict[str, Any]]()

    async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        del scope, receive
        reached.append(True)
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:  # noqa: ANN401
        sent.append(message)

    headers = [(b"host", host.encode()), *([(b"origin", origin.encode())] if origin else [])]
    asyncio.run(Guard(app, local=local)({"type": kind, "headers": headers}, receive, send))
    return bool(reached), sent


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1:8765", "[::1]:8765"])
def test_this_machine_may_ask(host: str) -> None:
    assert asked(host)[0]
    assert asked(host, f"http://{host}", kind="websocket")[0]


@pytest.mark.parametrize(
    ("host", "origin", "kind"),
    [
        ("evil.example", "", "http"),
        ("", "", "http"),
        ("localhost:8765", "http://evil.example", "http"),
        ("localhost:8765", "http://evil.example", "websocket"),
        ("localhost:8765", "", "websocket"),
        ("localhost:8765", "http://localhost:9999", "websocket"),
    ],
)
def test_a_strangers_page_may_not(host: str, origin: str, kind: str) -> None:
    reached, sent = asked(host, origin, kind=kind)
    assert not reached
    assert sent[0].get("status") == 403 or sent[0]["type"] == "websocket.close"


def test_the_browser_is_told_to_speak_to_nobody_else() -> None:
    headers = dict(asked("localhost")[1][0]["headers"])
    assert b"connect-src 'self'" in headers[b"content-security-policy"]
    assert b"http" not in headers[b"content-security-policy"]


def test_phones_that_come_by_a_number_leave_no_warning_in_the_terminal() -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        say_nothing_of_frames()
        warnings.warn("Cookies with samesite=none require https, but the scheme is 'http'", stacklevel=1)
        warnings.warn("something else", stacklevel=1)
    assert [str(each.message) for each in said] == ["something else"]


def test_who_listens_wider_is_asked_for_by_any_name() -> None:
    assert asked("192.0.2.7:8765", local=False)[0]
    assert not asked("192.0.2.7:8765", "http://evil.example", kind="websocket", local=False)[0]


def test_addresses_of_this_machine_only_are_told_from_wider_ones() -> None:
    assert all(is_local(host) for host in ("localhost", "127.0.0.1", "::1", "127.8.0.1"))
    assert not any(is_local(host) for host in ("0.0.0.0", "192.168.1.2", "::", "example.org", "localhost.evil"))  # noqa: S104
    assert address_of("localhost", 8765) == "http://localhost:8765"
    assert "0.0.0.0" not in address_of("0.0.0.0", 8765)  # noqa: S104


def test_a_port_in_use_is_noticed() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert not is_free("127.0.0.1", other.getsockname()[1])
    assert is_free("127.0.0.1", 0)


def archive_of(folder: Path, names: list[str]) -> Path:
    place, file = folder / "assets.tar.gz", folder / "file"
    file.write_text("x")
    with tarfile.open(place, "w:gz") as packed:
        for name in names:
            packed.add(file, f"solara_assets-1/cdn/{name}")
    return place


def test_only_what_the_page_needs_is_taken_out_of_the_archive(tmp_path: Path) -> None:
    names = [*kit.NEEDED, f"{kit.FRONT}/abc.woff2", f"{kit.FRONT}/abc.ttf", "../../evil.js", "echarts/echarts.js"]
    taken = kit._take(archive_of(tmp_path, names), tmp_path / "kit")  # noqa: SLF001
    there = sorted(str(path.relative_to(taken)) for path in taken.rglob("*") if path.is_file())
    assert there == sorted([*kit.NEEDED, f"{kit.FRONT}/abc.woff2"])
    assert kit.missing(taken) == []


def test_a_kit_that_lacks_something_is_missing_it(tmp_path: Path) -> None:
    assert kit.missing(tmp_path) == list(kit.NEEDED)
    taken = kit._take(archive_of(tmp_path, list(kit.NEEDED[1:])), tmp_path / "kit")  # noqa: SLF001
    assert kit.missing(taken) == [kit.NEEDED[0]]


def test_a_kit_that_cannot_be_had_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "_download", lambda work: archive_of(work, list(kit.NEEDED[1:])))
    with pytest.raises(kit.NoKit, match="require"):
        kit.fetch(tmp_path / "kit")
    assert not (tmp_path / "kit").exists()
