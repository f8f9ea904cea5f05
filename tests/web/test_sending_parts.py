"""Files are sent in parts: what came stays, and goes on by PATCH."""

from __future__ import annotations

import pytest

from hub.files import receiving
from tests.conftest import Serve
from tests.patience import until
from tests.serving import Serving
from tests.web.sent_files import (
    LOBBY,
    PARTIAL,
    answered,
    begun,
    chunked,
    digest,
    head,
    offset,
    parts,
    patch,
    put,
    sending,
    sent,
    stored,
    waiting,
)


def test_a_file_in_three_parts(hub: Serving) -> None:
    first = begun(hub, "f1", b"Hel", query="username=bob&name=a.txt", Upload_Length="10")
    assert first.headers["Upload-Offset"] == "3"
    assert first.headers["Upload-Complete"] == "?0"
    assert first.headers["Location"] == f"{LOBBY}/f1?username=bob&name=a.txt"
    told = head(hub)
    assert told.status == 204
    assert told.headers["Upload-Offset"] == "3"
    assert told.headers["Upload-Complete"] == "?0"
    assert told.headers["Upload-Length"] == "10"
    assert told.headers["Cache-Control"] == "no-store"
    second = patch(hub, 3, b"lo, ", "?0")
    assert second.status == 204
    assert second.headers["Upload-Offset"] == "7"
    assert second.headers["Upload-Complete"] == "?0"
    whole = b"Hello, you"
    third = patch(hub, 7, b"you", Repr_Digest=digest(whole), query="username=bob&text=Look")
    assert third.status == 201
    assert third.headers["Location"] == f"{LOBBY}/f1"
    assert third.headers["Upload-Complete"] == "?1"
    assert third.json["text"] == "Look"
    assert third.json["files"][0]["type"] == "text/plain"
    assert stored(hub) == {"a.txt": whole}
    assert parts(hub) == []


def test_a_file_without_an_id_goes_on_where_it_is_told(hub: Serving) -> None:
    there = begun(hub, "a b.txt", b"Hel", query="username=bob&announce=no").headers["Location"]
    headers = {"Content-Type": PARTIAL, "Upload-Offset": "3", "Upload-Complete": "?1"}
    answer = hub.ask("PATCH", there, b"lo", headers)
    assert answer.status == 201
    assert answer.json["name"] == "a b.txt"
    assert answer.json["size"] == 5


def test_the_last_part_may_be_empty_and_so_may_the_first(hub: Serving) -> None:
    begun(hub, "f1", b"")
    assert offset(hub) == 0
    assert patch(hub, 0, b"Hello", "?0").status == 204
    assert patch(hub, 5, b"").status == 201
    assert stored(hub) == {"f1": b"Hello"}


def test_a_part_in_chunks(hub: Serving) -> None:
    begun(hub, "f1", b"Hel", Upload_Length="8")
    headers = ["Transfer-Encoding: chunked", f"Content-Type: {PARTIAL}", "Upload-Complete: ?0"]
    with sending(hub, *headers, "Upload-Offset: 3", method="PATCH") as connection:
        connection.sendall(chunked([b"lo"]))
        assert answered(connection).headers["Upload-Offset"] == "5"
    with sending(hub, *headers, "Upload-Offset: 5", method="PATCH") as connection:
        connection.sendall(chunked([b"12", b"345"]))
        assert answered(connection).error == (400, "length_wrong")
    assert offset(hub) in (5, 7)


def test_what_was_cut_off_goes_on(hub: Serving) -> None:
    with sending(hub, "Content-Length: 8") as connection:
        connection.sendall(b"Hello")
        until(lambda: [x.stat().st_size for x in parts(hub)] == [5])
    until(lambda: offset(hub) == 5)
    answer = patch(hub, 5, b"you")
    assert answer.status == 201
    assert stored(hub) == {"f1": b"Helloyou"}


def test_a_file_goes_on_after_a_restart(hub: Serving) -> None:
    begun(hub, "f1", b"Hel")
    waiting(hub, "f2")
    hub.restart()
    assert offset(hub) == 3
    assert patch(hub, 3, b"lo", Repr_Digest=digest(b"Hello")).status == 201
    assert hub.say("", "lobby", "bob", files=["f2"])["files"][0]["size"] == 5


def test_to_ask_ends_a_request_under_way(hub: Serving) -> None:
    with sending(hub, "Content-Length: 8") as connection:
        connection.sendall(b"Hello")
        until(lambda: [x.stat().st_size for x in parts(hub)] == [5])
        assert offset(hub) == 5
        assert answered(connection).error == (409, "taken_over")
    assert patch(hub, 5, b"you").status == 201


def test_a_newer_part_ends_an_older_one(hub: Serving) -> None:
    begun(hub, "f1", b"Hel")
    headers = ["Upload-Offset: 3", "Upload-Complete: ?0", f"Content-Type: {PARTIAL}"]
    with sending(hub, "Content-Length: 9", *headers, method="PATCH") as connection:
        connection.sendall(b"lo")
        until(lambda: [x.stat().st_size for x in parts(hub)] == [5])
        assert patch(hub, 5, b"you").status == 201
        assert answered(connection).error == (409, "taken_over")
    assert stored(hub) == {"f1": b"Helloyou"}


def test_a_part_that_stalls_can_be_gone_on_with(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(hub, "f1", b"Hel")
    monkeypatch.setattr(receiving, "QUIET_SECONDS", 0.3)
    headers = ["Upload-Offset: 3", "Upload-Complete: ?1", f"Content-Type: {PARTIAL}"]
    with sending(hub, "Content-Length: 5", *headers, method="PATCH") as connection:
        connection.sendall(b"lo")
        assert answered(connection).error == (408, "too_slow")
    assert offset(hub) == 5


# -- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize("at", [0, 2, 4, 10**12])
def test_a_wrong_offset_is_told_the_right_one(hub: Serving, at: int) -> None:
    begun(hub, "f1", b"Hel")
    answer = patch(hub, at, b"lo")
    assert answer.error == (409, "offset_wrong")
    assert answer.json["error"]["offset"] == 3
    assert answer.headers["Upload-Offset"] == "3"
    assert answer.headers["Upload-Complete"] == "?0"
    assert patch(hub, 3, b"lo").status == 201


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({"Content_Type": ""}, (415, "wrong_kind")),
        ({"Content_Type": "application/octet-stream"}, (415, "wrong_kind")),
        ({"Upload_Offset": ""}, (400, "malformed")),
        ({"Upload_Offset": "-3"}, (400, "malformed")),
        ({"Upload_Offset": "x"}, (400, "malformed")),
        ({"Upload_Complete": ""}, (400, "malformed")),
        ({"Upload_Complete": "yes"}, (400, "malformed")),
        ({"Upload_Length": "7"}, (400, "length_wrong")),
    ],
)
def test_a_part_with_other_headers(
    hub: Serving, headers: dict[str, str], error: tuple[int, str]
) -> None:
    begun(hub, "f1", b"Hel", Upload_Length="5")
    assert patch(hub, 3, b"lo", **headers).error == error
    assert offset(hub) == 3


def test_a_part_beyond_the_length(hub: Serving) -> None:
    begun(hub, "f1", b"Hel", Upload_Length="5")
    for complete in ("?0", "?1"):
        assert patch(hub, 3, b"lo!", complete).error == (400, "length_wrong")
    assert patch(hub, 3, b"l", "?1").error == (400, "length_wrong")
    assert offset(hub) == 3
    assert patch(hub, 3, b"lo", "?0").status == 204
    assert patch(hub, 5, b"").status == 201


def test_a_length_that_contradicts(hub: Serving) -> None:
    assert put(hub, Upload_Length="4").error == (400, "length_wrong")
    assert put(hub, Upload_Length="4", Upload_Complete="?0").error == (400, "length_wrong")
    assert head(hub).status == 404


@pytest.mark.parametrize("value", ["", "?2", "1", "true"])
def test_other_values_of_upload_complete(hub: Serving, value: str) -> None:
    assert put(hub, Upload_Complete=value).error == (400, "malformed")


def test_a_part_of_a_whole_file(hub: Serving) -> None:
    waiting(hub)
    assert patch(hub, 5, b"!").error == (409, "file_whole")
    assert patch(hub, 5, b"").error == (409, "file_whole")
    hub.say("", "lobby", "bob", files=["f1"])
    assert patch(hub, 5, b"!").error == (404, "no_such_file")
    assert stored(hub) == {"f1": b"Hello"}


def test_a_part_of_a_file_that_is_not_there(hub: Serving) -> None:
    assert patch(hub, 0, b"x").error == (404, "no_such_file")
    begun(hub, "f1", b"Hel")
    assert patch(hub, 3, b"lo", query="username=eve").error == (404, "no_such_file")
    assert head(hub, "f1", "username=eve").status == 404
    assert head(hub, "f1", "").status == 404
    assert hub.ask("DELETE", f"{LOBBY}/f1?username=eve").error == (404, "no_such_file")
    assert offset(hub) == 3


def test_a_wrong_sum_at_the_end_drops_the_file(hub: Serving) -> None:
    begun(hub, "f1", b"Hel")
    assert patch(hub, 3, b"lo", Repr_Digest=digest(b"hello")).error == (422, "digest_wrong")
    assert head(hub).status == 404
    until(lambda: not parts(hub))


def test_a_part_that_makes_the_file_too_large(serve: Serve) -> None:
    hub = serve(file_bytes=100)
    begun(hub, "f1", bytes(60))
    assert patch(hub, 60, bytes(60)).error == (413, "file_too_large")
    assert head(hub).status == 404
    until(lambda: not parts(hub))


def test_a_part_for_which_there_is_no_room(serve: Serve) -> None:
    hub = serve(files_bytes=100)
    begun(hub, "f1", bytes(60))
    assert patch(hub, 60, bytes(60)).error == (507, "files_full")
    assert offset(hub) == 60
    assert patch(hub, 60, bytes(40)).status == 201


# -- given up ---------------------------------------------------------------------------------


def test_a_file_is_given_up(hub: Serving) -> None:
    begun(hub, "f1", b"Hel")
    waiting(hub, "f2")
    for id_ in ("f1", "f2"):
        assert hub.ask("DELETE", f"{LOBBY}/{id_}?username=bob").status == 204
        assert head(hub, id_).status == 404
    until(lambda: not parts(hub))
    sent(hub, "f3")
    assert hub.ask("DELETE", f"{LOBBY}/f3?username=bob").error == (404, "no_such_file")
    assert stored(hub) == {"f3": b"Hello"}


def test_a_file_is_given_up_that_is_being_sent(hub: Serving) -> None:
    with sending(hub, "Content-Length: 8") as connection:
        connection.sendall(b"Hello")
        until(lambda: [x.stat().st_size for x in parts(hub)] == [5])
        assert hub.ask("DELETE", f"{LOBBY}/f1?username=bob").status == 204
        assert answered(connection).error == (409, "taken_over")
    until(lambda: not parts(hub))
