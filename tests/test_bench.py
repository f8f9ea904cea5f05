"""The measuring code measures right: percentiles, marks across reads, the table, the chart."""

import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from environment import PYTHON
from speed import chart, evenly, fanout, floods, neighbours, posts, program, report, rooms, streams
from speed.crowd import MARK, AnsweredCrowd, Crowd, TimedCrowd
from speed.figures import LOST, P50, P95, Figures, amount, medians, percentile
from speed.outcomes import Outcome, Scenario, at_least, at_most
from speed.slowdisk import SYNC, Arm
from speed.stage import Stage
from tests.patience import PATIENCE

ROOT = Path(__file__).parent.parent


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [5.0, 1.0, 3.0, 2.0, 4.0]
    assert [percentile(values, share) for share in (0, 0.2, 0.5, 0.99, 1)] == [1, 1, 3, 5, 5]
    assert percentile(range(1, 101), 0.99) == 99
    assert percentile([7], 0.5) == 7
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_of_several_runs_the_median_counts_but_everything_lost() -> None:
    runs = [{"x/s": 1.0, LOST: 0.0}, {"x/s": 9.0, LOST: 2.0}, {"x/s": 3.0, LOST: 0.0}]
    assert medians(runs) == {"x/s": 3.0, LOST: 2.0}


@pytest.mark.parametrize("pieces", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("kind", [Crowd, TimedCrowd])
def test_a_mark_that_lies_across_reads_counts_once(kind: type[Crowd], pieces: int) -> None:
    """Whatever the cuts, and whatever frames lie between: all are seen, none twice."""
    ours, theirs = socket.socketpair()
    crowd = kind()
    reader = crowd.add(ours)
    now = time.perf_counter_ns()
    lines = [b'\x81~\x01q{"n":%d,"text":"%b%d Hi"}\n' % (n, MARK, now) for n in range(1, 31)]
    data = b"".join(lines)
    size = -(-len(data) // pieces)
    for start in range(0, len(data), size):
        theirs.sendall(data[start : start + size])
        crowd.read(1)
    assert reader.seen == 30
    assert reader.last() == 30
    assert crowd.missed(lambda i: 30, settle=0.01) == 0
    assert crowd.missed(lambda i: 29, settle=0.01) == 1
    assert crowd.missed(lambda i: 32, settle=0.01, patience=0.01) == 2
    if isinstance(crowd, TimedCrowd):
        assert len(crowd.took) == 30
        assert all(0 < took < 60e9 for took in crowd.took)
    crowd.close()
    theirs.close()


def test_pings_are_answered() -> None:
    ours, theirs = socket.socketpair()
    crowd = Crowd()
    crowd.add(ours)
    theirs.sendall(b"\x81\x02{}\x89\x04abcd")
    crowd.read(1)
    assert theirs.recv(100) == b"\x8a\x84\0\0\0\0abcd"
    crowd.close()
    theirs.close()


def test_answers_without_a_mark_are_counted_and_timed_from_their_question() -> None:
    ours, theirs = socket.socketpair()
    crowd = AnsweredCrowd(b"$")
    reader = crowd.add(ours)
    crowd.asked[reader] = time.perf_counter_ns()
    for piece in (b"$3\r\n1-", b"0\r\n", b"$3\r\n1-1\r\n"):
        theirs.sendall(piece)
        crowd.read(1)
    assert reader.seen == len(crowd.took) == 2
    assert all(0 < took < 60e9 for took in crowd.took)
    crowd.close()
    theirs.close()


def test_a_crowd_settles_when_nothing_comes_any_more() -> None:
    ours, theirs = socket.socketpair()
    crowd = Crowd()
    reader = crowd.add(ours)
    theirs.sendall(b'{"do":"here"}' * 5_000)
    theirs.close()
    with pytest.raises(ConnectionError, match="hung up"):  # it read on to the end
        crowd.settle()
    assert reader.tail.endswith(b'{"do":"here"}')
    crowd.close()


def test_all_that_became_due_during_a_stall_leaves_at_once() -> None:
    class Deaf(Crowd):
        def read(self, timeout: float) -> int:
            events.append("read")
            return 0

    def send(due: int) -> None:
        if "send" not in events:
            time.sleep(0.05)
        events.append("send")

    events: list[str] = []
    crowd = Deaf()
    evenly.pace(crowd, send, 1000, 0.1)
    crowd.close()
    first = events.index("send")
    assert set(events[first : first + 50]) == {"send"}
    assert events.count("send") == 100


def test_a_disk_with_one_arm_syncs_in_turns() -> None:
    order: list[int] = []
    at_work = threading.Event()
    go_on = threading.Event()
    arm = Arm(0.001)

    def sync(fd: int) -> None:
        order.append(fd)
        at_work.set()
        assert go_on.wait(PATIENCE)
        if fd == 1:
            raise OSError("a bad sector")

    def failing(fd: int) -> None:
        with pytest.raises(OSError, match="a bad sector"):
            slow(fd)

    slow = arm.slow(sync)
    threads = []
    for fd in range(5):
        thread = threading.Thread(target=failing if fd == 1 else slow, args=(fd,))
        thread.start()
        threads.append(thread)
        while arm.asked <= fd:
            time.sleep(0.001)
    assert at_work.wait(PATIENCE)
    assert order == [0]
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert order == [0, 1, 2, 3, 4]


def outcomes() -> list[Outcome]:
    def never(stage: Stage) -> dict[str, float]:
        raise NotImplementedError

    goals = (at_least(2_000, "posts/s"), at_most(5, "p99 ms"))
    return [
        Outcome(Scenario("a", "good", never, goals), {"posts/s": 3_000, "p99 ms": 4.0, LOST: 0}),
        Outcome(Scenario("b", "slow", never, goals), {"posts/s": 1_000, "p99 ms": 4.0, LOST: 0}),
        Outcome(Scenario("c", "lossy", never, goals), {"posts/s": 3_000, "p99 ms": 4.0, LOST: 1}),
        Outcome(Scenario("d", '<absent> & "quoted"', never, goals), {}, "there is none"),
        Outcome(Scenario("floor", "free", never), {"sends/s": 140_000.0}),
    ]


def test_the_table_tells_target_measured_and_verdict() -> None:
    lines = report.table(outcomes())
    assert len({len(line) for line in lines}) == 1, "the columns do not stand under each other"
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    assert [row[3] for row in cells[2:]] == ["met", "missed", "missed", "", ""]
    assert cells[2][1:3] == ["≥ 2,000 posts/s; ≤ 5 p99 ms", "3,000 posts/s; 4 p99 ms"]
    assert cells[5][-1] == "there is none"
    assert [amount(x) for x in (0.123, 12.34, 123.4, 5.0)] == ["0.12", "12.3", "123", "5"]


def test_the_chart_is_well_formed() -> None:
    root = ET.fromstring(chart.chart(outcomes()))
    wide = float(root.attrib["viewBox"].split()[2])
    boxes = [node.attrib for node in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert len(boxes) == 7
    for box in boxes:
        assert 0 <= float(box["x"]) <= float(box["x"]) + float(box["width"]) <= wide
    assert "prefers-color-scheme" in chart.STYLE
    assert not list(root.iter("{http://www.w3.org/2000/svg}image"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measuring needs Linux")
@pytest.mark.slow
def test_a_small_measurement_of_a_real_hub(tmp_path: Path) -> None:
    def few(stage: Stage) -> dict[str, float]:
        return fanout.fan_out(5, 8, stage)

    outcome = program.measure(Scenario("few", "few", few), Stage(tmp_path, 0.5), 1)
    assert outcome.why == ""
    assert outcome.figures["deliveries/s"] > 0
    assert outcome.figures[LOST] == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measuring needs Linux")
@pytest.mark.slow
def test_a_small_open_loop_of_a_real_hub(tmp_path: Path) -> None:
    figures = fanout.open_loop(5, 640, Stage(tmp_path, 0.1))
    assert figures[fanout.DELIVERIES] > 0
    assert figures[LOST] == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measuring needs Linux")
@pytest.mark.slow
@pytest.mark.parametrize("people", [0, 20])
def test_a_start_with_many_rooms(tmp_path: Path, people: int) -> None:
    stage = Stage(tmp_path, 0.1)
    for _ in range(2):
        figures = rooms.many(stage, 1100, people)
        assert 0 < figures["s"] < figures["s until the list"]
        assert figures["s for the whole list"] > 0
    folder = tmp_path / f"rooms1100people{people}"
    assert len(list(folder.glob("*.jsonl"))) == 1100 + bool(people)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measuring needs Linux")
@pytest.mark.slow
def test_a_message_on_the_slow_disk_waits_for_its_sync(tmp_path: Path) -> None:
    program = (PYTHON, evenly.SLOW_DISK)
    figures = evenly.steady([2, 2], 10, Stage(tmp_path, 0.5), program=program)
    assert figures[P50] >= 1000 * SYNC
    assert figures[LOST] == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measuring needs Linux")
@pytest.mark.parametrize("over", [posts.over_websocket, posts.over_http])
@pytest.mark.slow
def test_small_posting_to_a_real_hub(tmp_path: Path, over: Callable[[Stage], Figures]) -> None:
    figures = over(Stage(tmp_path, 0.2))
    assert figures[posts.POSTS] > 0
    assert figures[LOST] == 0


REDIS = any(os.path.exists(f"{x}/bin/redis-server") for x in ("/usr", neighbours.PLACE / "usr"))


@pytest.mark.skipif(not REDIS, reason="there is no Redis; the bench fetches one")
@pytest.mark.slow
def test_posts_of_hearth_and_redis_are_measured_in_turns(tmp_path: Path) -> None:
    figures = streams.beside_hearth(Stage(tmp_path, 0.2))
    hearth = figures["posts/s by Hearth"]
    assert figures[streams.SHARE] == hearth / figures[posts.POSTS] > 0
    assert figures[LOST] == 0


@pytest.mark.skipif(not REDIS, reason="there is no Redis; the bench fetches one")
@pytest.mark.slow
def test_what_redis_acknowledged_and_did_not_keep_is_lost(tmp_path: Path) -> None:
    with streams.redis(Stage(tmp_path, 0.1)) as posting:
        posting.load(0.1)
        reader = posting.crowd.readers[0]
        reader.sock.sendall(b"DEL r0\r\n")
        assert reader.sock.recv(100) == b":1\r\n"
    assert posting.lost == reader.seen > 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measuring needs Linux")
@pytest.mark.parametrize("kind", ["pings", "logins"])
@pytest.mark.slow
def test_a_small_flood_of_a_real_hub(tmp_path: Path, kind: str) -> None:
    figures = floods.flood(kind, Stage(tmp_path, 0.1))
    assert 0 < figures[P50] <= figures[P95]
    assert figures[floods.MOST] > 10
    assert figures["answers/s"] > 0


def test_what_fails_is_told_in_its_row(tmp_path: Path) -> None:
    def broken(stage: Stage) -> dict[str, float]:
        raise ConnectionError("the hub hung up")

    outcome = program.measure(Scenario("x", "x", broken), Stage(tmp_path, 0.5), 3)
    assert outcome.why == "failed: ConnectionError: the hub hung up"
    assert report.row(outcome)[2] == "not measured"
