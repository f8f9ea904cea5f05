"""All that is measured, in the order of the table, with what is asked of Hearth."""

from __future__ import annotations

from speed import (
    evenly,
    fanout,
    felt,
    files,
    floods,
    floor,
    herd,
    history,
    idle,
    many_people,
    others,
    people,
    plain,
    posts,
    rooms,
    silent,
    start,
    streams,
)
from speed.figures import CPU, MEMORY, P50, P95, P99
from speed.outcomes import Scenario, at_least, at_most

GROUND = (
    Scenario(
        "capacity", "this generator alone: 1,000 sockets, 64 messages a send",
        floor.capacity, (at_least(2_000_000, "deliveries/s"),),
    ),
    Scenario("floor", "the floor: 1,000 sockets, one bare send a delivery", floor.floor),
    Scenario(
        "floor-posts", "the floor of posts: 32 files, one bare append and sync each", floor.appends,
    ),
)  # fmt: skip

HEARTH = (
    Scenario(
        "fan-out", "fan-out, 1,000 clients, 64 in flight, synced first", fanout.thousand,
        (at_least(4_500_000, "deliveries/s"), at_least(10, "times the floor")),
    ),
    Scenario(
        "fan-out-200", "fan-out, 200 clients, 256 in flight, synced first", fanout.two_hundred,
        (at_least(8_000_000, "deliveries/s"),),
    ),
    Scenario(
        "sustained", "fan-out, 1,000 clients, 4,200 messages/s for 30 s whatever comes back",
        fanout.sustained, (at_least(4_000_000, "deliveries/s"),),
    ),
    Scenario(
        "evenly", "200 clients, 500 messages/s evenly spaced: 100,000 deliveries/s",
        evenly.hundred_thousand, (at_most(70, CPU), at_most(10, P99)),
    ),
    Scenario(
        "small-room", "100 clients, 10 messages/s", evenly.small,
        (at_most(1.2, P50), at_most(2.5, P99)),
    ),
    Scenario("large-room", "1,000 clients, 20 messages/s", evenly.large, (at_most(20, P99),)),
    Scenario("huge-room", "10,000 clients, 2 messages/s", evenly.huge, (at_most(100, P99),)),
    Scenario(
        "many-rooms", "100 rooms of 10 members, each says 1 message/s", evenly.many_rooms,
        (at_most(25, "p99 ms beyond a sync"), at_most(40, CPU)),
    ),
    Scenario(
        "thousand-rooms", "1,000 rooms of 10 members, 1 message/s in each",
        evenly.thousand_rooms, (at_most(50, P99),),
    ),
    Scenario(
        "two-devices", "1 message, 1,000 people with 2 devices that all answer `seen`",
        people.two_devices, (at_most(50, people.CPU_MS),),
    ),
    Scenario(
        "beside-large", "10 people, 10 messages/s, beside 10,000 with 2 messages/s",
        people.beside_a_large_room, (at_most(30, P99),),
    ),
    Scenario(
        "leaving", "10 people, 20 messages/s, while 5,000 of 10,000 leave another room",
        people.beside_many_who_leave, (at_most(30, P99),),
    ),
    Scenario(
        "coming-and-going", "one person who comes and goes in a room of 10,000",
        people.coming_and_going,
    ),
    Scenario(
        "slow-disk", "32 rooms, 1 message/s each; a sync takes 15 ms, one at a time",
        evenly.slow_disk, (at_most(40, P99),),
    ),
    Scenario(
        "silent", "500 clients that do not read, 50 that do, 2,000 messages/s", silent.readers,
        (at_most(64, "MiB more"), at_most(250, P99)),
    ),
    Scenario(
        "half-open", "the page, beside 2,000 connections that never ask", silent.half_open,
        (at_most(1, "s"),),
    ),
    Scenario(
        "posts", "saved posts over WebSocket, 32 senders in 32 rooms", posts.over_websocket,
        (at_least(23_000, "posts/s"),),
    ),
    Scenario(
        "http-posts", "saved posts over HTTP, 32 senders in 32 rooms", posts.over_http,
        (at_least(6_500, "posts/s"),),
    ),
    Scenario(
        "idle", "10,000 idle clients in rooms", idle.clients,
        (at_most(6, "KiB/client"), at_most(2, CPU)),
    ),
    Scenario(
        "page", "last 50 of 1 M messages, in the hub", history.page, (at_most(2, "ms a page"),)
    ),
    Scenario(
        "reopen", "5 M messages, opened by a start after a stop in order", history.reopened,
        (at_most(50, "ms to open"),),
    ),
    Scenario("stream-text", "1 M messages streamed as text", history.text),
    Scenario("stream-json", "1 M messages streamed as JSON", history.whole_json),
    Scenario(
        "stream-ndjson", "1 M messages streamed as NDJSON", history.ndjson,
        (at_least(150, "MB/s"), at_most(16, "MiB more at most")),
    ),
    Scenario("start", "start to first page, checkout", start.checkout, (at_most(0.5, "s"),)),
    Scenario("start-one-file", "start to first page, one file", start.one_file,
             (at_most(1.5, "s"),)),
    Scenario(
        "people", "100,000 people: 1,000 read marks, 40 newcomers and 20 messages a second",
        many_people.hundred_thousand,
        (at_most(20, many_people.WELCOME_P99), at_most(2, many_people.P95_MORE)),
    ),
    Scenario(
        "rooms", "start to first page, 100,000 rooms, 1,024 descriptors", rooms.hundred_thousand,
        (at_most(1, "s until the list"), at_most(75, MEMORY)),
    ),
    Scenario(
        "rooms-and-people", "the same with 100,000 people too", rooms.with_people,
        (at_most(1, "s"), at_most(150, MEMORY)),
    ),
    Scenario(
        "herd", "hub restarted, 1,000 clients, 100 messages behind each", herd.restart,
        (at_most(5, "s until all caught up"),),
    ),
)  # fmt: skip

_QUIET = (at_most(10, P50), at_most(128, floods.MOST))
_AWAKE = (at_most(50, P95), at_most(256, floods.MOST))

FLOODS = (
    Scenario("flood-pings", "20 sockets of one address that only ping", floods.pings, _QUIET),
    Scenario("flood-unknown", "the same with unknown commands", floods.unknown, _QUIET),
    Scenario("flood-malformed", "the same with malformed commands", floods.malformed, _QUIET),
    Scenario("flood-typing", "the same with typing", floods.typing, _QUIET),
    Scenario("flood-requests", "the same with requests", floods.requests, _QUIET),
    Scenario("flood-readers", "300 readers that stall on 46 MB over HTTP", floods.readers, _QUIET),
    Scenario("flood-replays", "the same as replays over WebSocket", floods.replays, _QUIET),
    Scenario("flood-forms", "60 forms of 190 KB of percent signs", floods.forms, _QUIET),
    Scenario("flood-logins", "40 addresses log in wrongly", floods.logins, _AWAKE),
    Scenario("flood-passwords", "24 people behind one address change passwords",
             floods.passwords, _AWAKE),
)  # fmt: skip

FILES = (
    Scenario(
        "file-download", f"a file of 1 GiB, {files.ROUNDS} times in turns with others",
        files.download,
        (at_least(0.8, files.SHARE), at_most(32, files.MORE), at_most(64, files.MORE_AT_ONCE)),
        times=1,
    ),
    Scenario(
        "file-upload", "a file of 4 GiB is sent to the hub", files.upload,
        (at_most(32, files.MORE),), times=1,
    ),
    Scenario(
        "file-uploads", f"{files.AT_ONCE} files of 256 MiB at once", files.uploads,
        (at_most(64, files.MORE),), times=1,
    ),
    Scenario(
        "file-resumed", "hub restarted, an upload of 1 GiB half done", files.resumed,
        (at_most(2, "s until it goes on"),),
    ),
)  # fmt: skip

FELT = (
    Scenario(
        "first-page", "somebody comes back with an empty cache: 50 messages, and a line to write",
        felt.first_page, (at_most(1, "s"), at_most(150, "KiB")),
    ),
    Scenario(
        "scroll", "back through 10,000 messages by the wheel", felt.scrolling,
        (at_most(50, felt.LONGEST), at_most(16, felt.MORE), at_most(20_000, felt.NODES)), times=1,
    ),
    Scenario(
        "typing", "a key is on the screen, while 50 messages a second come", felt.typing,
        (at_most(50, P99),),
    ),
    Scenario("sending", "what one sends is on the screen", felt.sending, (at_most(1, "frames"),)),
    Scenario(
        "changing", "another room, seen before or not", felt.changing,
        (at_most(100, felt.UNSEEN), at_most(100, felt.SEEN)),
    ),
)  # fmt: skip

BESIDE = (
    Scenario("plain", "the plain chat room: 100 clients, 10 messages/s", plain.hundred),
    Scenario("plain-flood", "the plain chat room: 200 clients, as many as it takes",
             plain.two_hundred),
    Scenario("redis", "Redis pub/sub, 1,000 clients, 64 in flight", others.redis_thousand),
    Scenario("redis-200", "Redis pub/sub, 200 clients, 256 in flight", others.redis_two_hundred),
    Scenario(
        "redis-streams", "Redis streams, `appendfsync always`, 32 senders in 32 streams",
        streams.beside_hearth, (at_least(1 / 1.5, streams.SHARE),),
    ),
    Scenario("ngircd", "ngircd, 1,000 clients, 64 in flight", others.ngircd_thousand, times=1),
    Scenario("ngircd-200", "ngircd, 200 clients, 256 in flight", others.ngircd_two_hundred,
             times=1),
)  # fmt: skip

PARTS = {
    "The ground": GROUND,
    "Hearth": HEARTH,
    "Others while one floods": FLOODS,
    "Large files": FILES,
    "The page, at a quarter of the processor": FELT,
    "Beside it": BESIDE,
}
ALL = tuple(scenario for part in PARTS.values() for scenario in part)
