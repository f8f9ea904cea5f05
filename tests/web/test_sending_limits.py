"""How large files may be, how slowly they may come, and what else ends them."""

from __future__ import annotations

import hashlib
import time
import tracemalloc
from pathlib import Path

import pytest

from hub.files import receiving, uploads
from tests.conftest import Serve
from tests.patience import until
from tests.serving import Serving
from tests.web.sent_files import (
    LOBBY,
    answered,
    begun,
    chunked,
    curl,
    digest,
    head,
    offset,
    parts,
    put,
    sending,
    sent,
    waiting,
)

# -- digests ----------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["Repr-Digest", "Content-Digest"])
def test_the_sum_is_compared(hub: Serving, header: str) -> None:
    right = put(hub, "f1", b"Hello", headers={header: f"sha-512=:x:, {digest(b'Hello')}"})
    assert right.status == 201
    wrong = put(hub, "f2", b"Hello", headers={header: digest(b"hello")})
    assert wrong.error == (422, "digest_wrong")
    assert head(hub, "f2").status == 404
    until(lambda: not parts(hub))
    assert len(hub.lines("lobby")) == 1


@pytest.mark.parametrize("value", ["md5=:x:", "id-sha-256=:x:", "sha-512=:x:", "", "x"])
def test_other_digests_are_not_looked_at(hub: Serving, value: str) -> None:
    sent(hub, "f1", Repr_Digest=value)


def test_a_sum_that_cannot_be_read(hub: Serving) -> None:
    wrong = hashlib.sha256(b"Hello").hexdigest()
    assert put(hub, Repr_Digest=f"sha-256={wrong}").error == (400, "malformed")
    assert parts(hub) == []


# -- room -------------------------------------------------------------------------------------


def test_a_file_that_is_too_large_is_refused_before_it_comes(serve: Serve) -> None:
    hub = serve(file_bytes=1 << 20)
    for complete in ("?0", "?1"):
        with sending(hub, f"Content-Length: {1 << 30}", f"Upload-Complete: {complete}") as to:
            answer = answered(to)
            assert answer.error == (413, "file_too_large")
            assert answer.headers["Connection"] == "close"
    answer = put(hub, Upload_Complete="?0", Upload_Length=str(1 << 30))
    assert answer.error == (413, "file_too_large")
    until(lambda: not parts(hub))
    assert head(hub).status == 404
    sent(hub, "f1", bytes(1 << 20))


def test_who_sends_all_before_listening_is_told_too(serve: Serve) -> None:
    hub = serve(file_bytes=1 << 20)
    assert put(hub, "f1", bytes(16 << 20)).error == (413, "file_too_large")
    assert put(hub, "f1", bytes(16 << 20), query="").error == (422, "no_name")


def test_curl_is_told_at_once_that_a_file_is_too_large(serve: Serve, tmp_path: Path) -> None:
    hub = serve(file_bytes=1 << 20)
    file = tmp_path / "large"
    with file.open("wb") as large:
        large.truncate(1 << 30)
    started = time.monotonic()
    assert "file_too_large" in curl("-T", str(file), f"{hub.url}{LOBBY}/large?username=bob")
    assert time.monotonic() - started < 3
    assert parts(hub) == []


def test_a_chunked_file_that_grows_too_large_is_not_kept(serve: Serve) -> None:
    hub = serve(file_bytes=100_000)
    with sending(hub, "Transfer-Encoding: chunked") as connection:
        connection.sendall(b"%x\r\n%b\r\n" % (60_000, bytes(60_000)))
        until(lambda: parts(hub))
        connection.sendall(b"%x\r\n%b\r\n" % (60_000, bytes(60_000)))
        assert answered(connection).error == (413, "file_too_large")
    assert head(hub).status == 404
    until(lambda: not parts(hub))


def test_all_files_together_have_a_limit(serve: Serve) -> None:
    hub = serve(files_bytes=100_000)
    sent(hub, "f1", bytes(60_000))
    assert put(hub, "f2", bytes(60_000)).error == (507, "files_full")
    assert head(hub, "f2").status == 404, "nothing came of it"
    assert put(hub, "a.txt", bytes(60_000)).error == (507, "files_full")
    begun(hub, "f3", bytes(30_000))
    with sending(hub, "Transfer-Encoding: chunked", id_="f4") as connection:
        connection.sendall(chunked([bytes(20_000)]))
        assert answered(connection).error == (507, "files_full")
    assert offset(hub, "f3") == 30_000
    sent(hub, "f5", bytes(10_000))


def test_a_full_disk(serve: Serve, small_disk: Path) -> None:
    hub = serve(small_disk / "rooms")
    assert put(hub, "f1", bytes(1 << 20)).error == (507, "disk_full")
    assert put(hub, "f2", b"small").status in (201, 507)


def test_so_many_files_may_be_unfinished(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "EACH", 2)
    for n in range(2):
        waiting(hub, f"f{n}", query=f"username=bob{n}")
    refused = put(hub, "f2", query="username=eve")
    assert refused.error == (429, "too_many_uploads")
    assert hub.ask("DELETE", f"{LOBBY}/f0?username=bob0").status == 204
    sent(hub, "f2", query="username=eve")


# -- slow senders -----------------------------------------------------------------------------


def test_a_sender_who_stalls_is_told_and_what_came_stays(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "QUIET_SECONDS", 0.3)
    with sending(hub, "Content-Length: 8") as connection:
        connection.sendall(b"Hello")
        answer = answered(connection)
    assert answer.error == (408, "too_slow")
    assert offset(hub) == 5


def test_a_sender_who_is_slow_is_not_ended(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "QUIET_SECONDS", 0.5)
    with sending(hub, "Content-Length: 10") as connection:
        for _ in range(10):
            connection.sendall(b"x")
            time.sleep(0.15)
        assert answered(connection).status == 201


def test_a_file_does_not_stand_in_memory(hub: Serving) -> None:
    size, block = 48 << 20, bytes(1 << 18)
    tracemalloc.start()
    try:
        with sending(hub, f"Content-Length: {size}", seconds=60) as connection:
            for _ in range(size // len(block)):
                connection.sendall(block)
            assert answered(connection).json["files"][0]["size"] == size
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20
