"""`redesign-sim ui`: what is checked before it starts, each wrong thing in one line."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any

import pytest

from redesign_sim.cli import console
from redesign_sim.ui import kit, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Command = Callable[..., tuple[int, str, str]]


def fill(folder: Path) -> Path:
    for name in kit.NEEDED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    return folder


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, int]]:
    """Where the page would have been served; nothing listens."""
    calls: list[tuple[str, int]] = []

    def serve(host: str, port: int, ready: Callable[[], None]) -> None:
        calls.append((host, port))
        ready()

    monkeypatch.setattr(serving, "serve", serve)
    monkeypatch.setenv("REDESIGN_SIM_KIT", str(fill(tmp_path / "kit")))
    for name in (*serving.SWITCHES, "SOLARA_ASSETS_PROXY_CACHE_DIR"):
        monkeypatch.setenv(name, "as before")
    return calls


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_it_says_where_the_page_is_and_switches_everything_off(command: Command, served: list[Any]) -> None:
    port = free_port()
    code, out, err = command("ui", "--no-open", "--port", str(port))
    assert (code, err) == (0, "")
    assert f"http://localhost:{port}" in out
    assert served == [("localhost", port)]
    assert os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "False"
    assert os.environ["SOLARA_MODE"] == "production"


def test_listening_wider_is_warned_of(command: Command, served: list[Any]) -> None:
    code, out, err = command("ui", "--no-open", "--host", "0.0.0.0", "--port", str(free_port()))  # noqa: S104
    assert code == 0
    assert "Warning: everyone who can reach this machine" in err
    assert "0.0.0.0" not in out  # noqa: S104
    assert served


def cannot(folder: Path) -> None:
    raise kit.NoKit(f"pip could not get it for {folder.name}")


def test_without_its_files_and_without_a_network_it_says_how_to_get_them(
    command: Command, served: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDESIGN_SIM_KIT", str(tmp_path / "none"))
    monkeypatch.setattr(kit, "fetch", cannot)
    for words in (["--no-open", "--port", str(free_port())], ["--prepare"]):
        code, out, err = command("ui", *words)
        assert (code, out) == (2, "")
        assert "pip could not get it for none" in err
        assert "redesign-sim ui --prepare" in err
        assert str(tmp_path / "none") in err
    assert not served


def test_the_first_start_gets_the_files_and_later_ones_ask_nobody(
    command: Command, served: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDESIGN_SIM_KIT", str(tmp_path / "new"))
    monkeypatch.setattr(kit, "fetch", fill)
    warmed: list[int] = []
    monkeypatch.setattr(console, "warm_engine", lambda: warmed.append(len(served)))
    code, _, err = command("ui", "--no-open", "--port", str(free_port()))
    assert code == 0
    assert "pip fetches 55 MB" in err
    assert len(served) == 1
    monkeypatch.setattr(kit, "fetch", cannot)
    code, out, err = command("ui", "--prepare")
    assert (code, err) == (0, "")
    assert str(tmp_path / "new") in out.replace("\n", "")
    assert len(served) == 1
    assert warmed == [0, 1]


def test_a_port_in_use_is_one_line(command: Command, served: list[Any]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, _, err = command("ui", "--no-open", "--host", "127.0.0.1", "--port", str(port))
    assert code == 2
    assert f"Port {port} is in use" in err
    assert not served


def test_an_address_of_another_machine_is_one_line(command: Command, served: list[Any]) -> None:
    code, _, err = command("ui", "--no-open", "--host", "192.0.2.1")
    assert code == 2
    assert "cannot listen at 192.0.2.1" in " ".join(err.split())
    assert not served
