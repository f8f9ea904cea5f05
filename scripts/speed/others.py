"""Redis pub/sub and ngircd under Hearth's fan-out: its clients, message sizes and counting.

Neither stores anything, and Redis is no chat: they are the fastest plain servers of their kind.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from speed import neighbours
from speed.crowd import MARK, Crowd
from speed.fanout import keep_in_flight
from speed.figures import Figures
from speed.spray import SIZE
from speed.stage import Stage
from speed.websocket import BATCH, await_text

IRCD = """[Global]
Name = irc.localhost
Info = a bench
Listen = 127.0.0.1
Ports = {port}
ServerUID = {uid}
ServerGID = {uid}
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
PingTimeout = 600
[Options]
DNS = no
Ident = no
PAM = no
"""


def redis(clients: int, in_flight: int, stage: Stage) -> Figures:
    program, port = neighbours.find("redis-server"), neighbours.free_port()
    command: list[str | Path]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly",
               "no", "--dir", stage.folder, "--maxclients", "20000"]  # fmt: skip
    with neighbours.running(command, port) as pid:
        crowd = Crowd()
        _connect(crowd, port, clients, lambda i: b"SUBSCRIBE general\r\n", b":1\r\n")
        sender = socket.create_connection(("127.0.0.1", port))
        answers = bytearray(1 << 16)
        text = _text(SIZE)
        one = b"*3\r\n$7\r\nPUBLISH\r\n$7\r\ngeneral\r\n$%d\r\n%b\r\n" % (len(text), text)
        sender.setblocking(False)

        def send(messages: int) -> None:
            try:  # how many heard it: read, as Redis would wait else, and not needed
                sender.recv_into(answers)
            except BlockingIOError:
                pass
            if sender.send(one * messages) != len(one) * messages:
                raise RuntimeError("Redis did not take what was sent")

        figures = keep_in_flight(crowd, crowd.readers[0], in_flight, send, stage.seconds, pid)
        sender.close()
        crowd.close()
    return figures


def ngircd(clients: int, in_flight: int, stage: Stage) -> Figures:
    program, port = neighbours.find("ngircd"), neighbours.free_port()
    file = Path(stage.folder, f"ngircd-{time.time_ns()}.conf")
    file.write_text(IRCD.format(port=port, uid=65534), encoding="ascii")
    with neighbours.running([program, "--nodaemon", "--config", file], port) as pid:
        crowd = Crowd()
        _connect(crowd, port, clients, _introduction, b" 366 ")
        sender = socket.create_connection(("127.0.0.1", port))
        sender.sendall(_introduction(clients))
        await_text(sender, b" 366 ")
        crowd.settle()  # joins are still being broadcast
        # What arrives bears the sender's mask before it, which the others do not have.
        one = b"PRIVMSG #general :%b\r\n" % _text(SIZE - 50)

        def send(messages: int) -> None:
            sender.sendall(one * messages)

        figures = keep_in_flight(crowd, crowd.readers[0], in_flight, send, stage.seconds, pid)
        sender.close()
        crowd.close()
    return figures


def _connect(
    crowd: Crowd, port: int, clients: int, ask: Callable[[int], bytes], answer: bytes
) -> None:
    for start in range(0, clients, BATCH):
        socks = []
        for number in range(start, min(start + BATCH, clients)):
            sock = socket.create_connection(("127.0.0.1", port), 30)
            sock.sendall(ask(number))
            socks.append(sock)
        for sock in socks:
            await_text(sock, answer)
            crowd.add(sock)


def _introduction(number: int) -> bytes:
    return b"NICK g%05d\r\nUSER g 0 * :guest\r\nJOIN #general\r\n" % number


def _text(size: int) -> bytes:
    return MARK + b"x" * (size - len(MARK))


redis_thousand = partial(redis, 1000, 64)
ngircd_thousand = partial(ngircd, 1000, 64)
redis_two_hundred = partial(redis, 200, 256)
ngircd_two_hundred = partial(ngircd, 200, 256)
