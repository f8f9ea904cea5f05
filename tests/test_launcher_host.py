"""Hearth as a process: how the host gets back in, and where no secret is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Launch
from tests.running import Browser, link_of, opened_by
from tests.talk import Talk


def test_a_host_who_forgot_everything_gets_back_in(launch: Launch, tmp_path: Path) -> None:
    first = launch("--reset-host")
    port, ticket = link_of(first)
    anna = Browser(port)
    anna.done("POST", "/api/ticket", {"ticket": ticket})
    anna.done("POST", "/api/session", {"name": "anna"})
    anna.done("POST", "/api/account", {"password": "forgotten words"})
    anna.done("POST", "/api/host", {"do": "mode", "mode": "login"})
    who = anna.done("GET", "/api/me")["person"]["who"]
    assert first.stop() == 0
    hub = tmp_path / "rooms" / "hub"
    (hub / "settings.toml").write_text("message_rate = 'quick'\n")
    again = launch("--reset-host")
    port, ticket = link_of(again)
    (aside,) = hub.glob("settings.broken-*.toml")
    assert aside.read_text() == "message_rate = 'quick'\n"
    assert any(str(aside) in x for x in again.lines)
    assert any("anna is host without a password" in x for x in again.lines)
    stranger = Browser(port)
    assert stranger.ask("POST", "/api/session", {"name": "anna"})[0] == 401, "mode login still"
    for _ in range(2):
        assert stranger.ask("POST", "/api/login", {"name": "anna", "password": ""})[0] == 401
    new = Browser(port)
    assert new.done("POST", "/api/ticket", {"ticket": ticket})["host"] is True
    assert set(opened_by(tmp_path)) == {"the link of --reset-host"}
    assert stranger.ask("POST", "/api/ticket", {"ticket": ticket})[0] == 403, "it works once"
    assert new.done("POST", "/api/session", {"name": "anna"})["who"] == who
    person = new.done("GET", "/api/me")["person"]
    assert (person["host"], person["account"]) == (True, False)
    new.done("POST", "/api/host", {"do": "mode", "mode": "open"})
    assert again.stop() == 0


def test_a_truncated_ledger_does_not_lock_the_host_out(launch: Launch, tmp_path: Path) -> None:
    first = launch("--reset-host")
    port, ticket = link_of(first)
    anna = Browser(port)
    anna.done("POST", "/api/ticket", {"ticket": ticket})
    anna.done("POST", "/api/session", {"name": "anna"})
    anna.done("POST", "/api/account", {"password": "a password"})
    anna.done("POST", "/api/tokens", {"purpose": "so that something comes after the account"})
    assert first.stop() == 0
    file = tmp_path / "rooms" / "hub" / "ledger.jsonl"
    data = file.read_bytes()
    cut = data.rindex(b'"purpose"')
    file.write_bytes(data[:cut])
    again = launch("--port", str(port), port=None)
    again.ready()
    assert anna.done("GET", "/api/me")["person"]["name"] == "anna"
    assert anna.done("GET", "/api/me")["person"]["account"] is True
    assert anna.done("GET", "/api/host")["people"]
    (aside,) = (tmp_path / "rooms" / "hub" / "torn").iterdir()
    line = data.rindex(b"\n", 0, cut) + 1
    assert aside.read_bytes() == data[line:cut]
    assert again.stop() == 0


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="the system does not show it")
def test_no_secret_in_argv_environment_or_log(launch: Launch, tmp_path: Path) -> None:
    started = launch("--reset-host")
    port, ticket = link_of(started)
    anna, naor, mira = (Browser(port) for _ in range(3))
    anna.done("POST", "/api/ticket", {"ticket": ticket})
    anna.done("POST", "/api/session", {"name": "anna"})
    anna.done("POST", "/api/account", {"password": "correct horse"})
    code = anna.done("POST", "/api/host", {"do": "mode", "mode": "code"})["code"]
    naor.done("POST", "/api/session", {"name": "naor", "code": code})
    link = naor.done("POST", "/api/devices/link")["url"].partition("link=")[2]
    mira.done("POST", "/api/link", {"link": link})
    made = naor.done("POST", "/api/tokens", {"purpose": "bot"})["token"]
    naor.ask("POST", "/api/login", {"name": "anna", "password": "wrong staple"})
    naor.done("POST", "/api/chat/general?key=k1", {"msg": "Hello"})
    with Talk(f"ws://127.0.0.1:{port}/api/live") as talk:
        talk.hello(token=made)
        talk.join()
    invite = anna.done("POST", "/api/host", {"do": "invite"})["invite"]
    tokens = [x.headers["Cookie"].partition("=")[2] for x in (anna, naor, mira)]
    secrets = [ticket, code, "correct horse", "wrong staple", link, made, invite, *tokens]
    process = Path(f"/proc/{started.process.pid}")
    shown = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
    assert started.stop() == 0
    files = [x for x in (tmp_path / "rooms").rglob("*") if x.is_file()]
    texts = {x.name: x.read_bytes() for x in files}
    assert {"hearth.log", "ledger.jsonl", "audit.jsonl", "general.jsonl"} <= set(texts)
    door = [line for line in texts["ledger.jsonl"].splitlines() if line.startswith(b'{"door":')]
    assert any(code.encode() in line for line in door), "which hosts read out"
    for line in door:
        texts["ledger.jsonl"] = texts["ledger.jsonl"].replace(line, b"")
    texts |= {"cmdline": shown, "stderr": started.complaint.encode()}
    for name, text in texts.items():
        for secret in secrets:
            assert secret.encode() not in text, (name, secret)
    assert b"?" not in texts["hearth.log"], "no query is logged"
