from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hub import folder_lock
from hub.errors import CannotStart
from hub.folder import Folder
from tests.windows import moves_nothing_open

ROOT = Path(__file__).parent.parent
POSIX = os.name == "posix"
posix_only = pytest.mark.skipif(not POSIX, reason="a matter of POSIX permissions")
not_root = pytest.mark.skipif(
    not POSIX or os.geteuid() == 0,
    reason="root may write everywhere",  # type: ignore[attr-defined,unused-ignore]
)

HOLD = """
import sys
from pathlib import Path
from hub.folder import Folder
folder = Folder.open(Path(sys.argv[1]))
print(folder.lock(), flush=True)
sys.stdin.read()
folder.close()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.open(tmp_path / "rooms")


def other_process(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def answer(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def listing(path: Path) -> set[str]:
    return {file.relative_to(path).as_posix() for file in path.rglob("*")}


class TestOpen:
    def test_what_is_created(self, folder: Folder) -> None:
        assert listing(folder.path) == {"files", "hub"}

    @posix_only
    def test_only_the_owner_can_read_the_hubs_part(self, folder: Folder) -> None:
        assert stat.S_IMODE(folder.hub.stat().st_mode) == 0o700
        folder.hub.chmod(0o755)
        Folder.open(folder.path)
        assert stat.S_IMODE(folder.hub.stat().st_mode) == 0o700

    @posix_only
    def test_a_drive_without_permissions(
        self, folder: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError

        folder.hub.chmod(0o755)
        monkeypatch.setattr(Path, "chmod", refuse)
        Folder.open(folder.path)

    def test_opening_again_changes_nothing(self, folder: Folder) -> None:
        (folder.path / "general.jsonl").write_bytes(b"x")
        before = {name: (folder.path / name).stat().st_mtime_ns for name in listing(folder.path)}
        again = Folder.open(folder.path)
        assert again.path == folder.path
        after = {name: (folder.path / name).stat().st_mtime_ns for name in listing(folder.path)}
        assert after == before

    def test_a_relative_path_does_not_follow_the_working_directory(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        folder = Folder.open(Path("rooms"))
        monkeypatch.chdir("/")
        assert folder.room_file("general") == tmp_path / "rooms" / "general.jsonl"

    def test_where_the_files_are(self, folder: Folder) -> None:
        assert folder.room_file("straße").name == "straße.jsonl"
        for file in (folder.ledger_file, folder.settings_file, folder.log_file, folder.torn):
            assert file.parent == folder.path / "hub"

    def test_a_file_in_its_place(self, tmp_path: Path) -> None:
        (tmp_path / "rooms").write_text("")
        with pytest.raises(CannotStart, match=r"rooms is a file, not a folder.*--rooms"):
            Folder.open(tmp_path / "rooms")

    @pytest.mark.parametrize("part", ["files", "hub"])
    def test_a_file_in_the_place_of_a_part(self, tmp_path: Path, part: str) -> None:
        (tmp_path / part).write_text("")
        with pytest.raises(CannotStart, match=f"{part} is a file"):
            Folder.open(tmp_path)

    def test_a_missing_parent(self, tmp_path: Path) -> None:
        with pytest.raises(CannotStart, match=r"misspelt is no folder.*--rooms"):
            Folder.open(tmp_path / "misspelt" / "rooms")
        assert not listing(tmp_path)

    def test_a_missing_parent_that_may_be_created(self, tmp_path: Path) -> None:
        path = tmp_path / "share" / "hearth" / "rooms"
        Folder.open(path, parents=True)
        assert path.is_dir()

    @posix_only
    def test_a_parent_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(CannotStart, match="file is no folder"):
            Folder.open(tmp_path / "file" / "rooms")

    @not_root
    def test_not_writable(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        try:
            with pytest.raises(CannotStart, match="no permission"):
                Folder.open(tmp_path / "rooms")
        finally:
            tmp_path.chmod(0o700)

    def test_an_existing_folder_that_is_not_writable(
        self, folder: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "access", lambda *_: False)
        with pytest.raises(CannotStart, match=r"rooms cannot be written: you have no permission"):
            Folder.open(folder.path)

    @pytest.mark.parametrize(
        ("number", "why"),
        [
            (errno.EROFS, "its drive is read-only"),
            (errno.EACCES, "you have no permission"),
            (errno.EPERM, "you have no permission"),
            (errno.ENOSPC, "the disk is full"),
            (errno.EIO, os.strerror(errno.EIO)),
        ],
    )
    def test_the_reason_why_a_folder_cannot_be_created(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, why: str
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(Path, "mkdir", fail)
        with pytest.raises(CannotStart, match=f"cannot be written: {why}") as error:
            Folder.open(tmp_path / "rooms")
        assert len(str(error.value).splitlines()) == 1

    @pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
    def test_a_read_only_file_system(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = os.statvfs("/")
        values = list(real)
        values[8] = os.ST_RDONLY
        monkeypatch.setattr(os, "access", lambda *_: False)
        monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result(values))
        with pytest.raises(CannotStart, match="its drive is read-only"):
            Folder.open(Path("/"))


class TestLock:
    def test_one_process_holds_it(self, folder: Folder) -> None:
        with other_process(folder.path) as first:
            assert answer(first) == "True"
            assert folder.lock() is False
            first.communicate("")
        assert folder.lock() is True

    def test_the_holder_keeps_it(self, folder: Folder) -> None:
        assert folder.lock()
        assert folder.lock()
        with other_process(folder.path) as second:
            assert answer(second) == "False"
            second.communicate("")
        assert Folder.open(folder.path).lock() is False

    def test_a_crash_unlocks_it(self, folder: Folder) -> None:
        with other_process(folder.path) as first:
            assert answer(first) == "True"
            first.kill()
            assert first.wait() in (-getattr(signal, "SIGKILL", 9), 1)
            assert folder.lock() is True

    def test_a_child_does_not_inherit_it(self, folder: Folder) -> None:
        assert folder.lock()
        with subprocess.Popen(
            [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
        ) as child:
            folder.close()
            assert folder.lock()
            child.communicate(b"")

    def test_closing_without_it_changes_nothing(self, folder: Folder) -> None:
        holder = Folder.open(folder.path)
        assert holder.lock()
        holder.write_running({"port": 1})
        assert not folder.lock()
        folder.close()
        assert folder.read_running() == {"port": 1}
        holder.close()
        assert folder.read_running() is None

    def test_a_second_start_leaves_no_trace(self, folder: Folder) -> None:
        assert folder.lock()
        before = listing(folder.path)
        times = folder.hub.stat().st_mtime_ns, folder.path.stat().st_mtime_ns
        assert not Folder.open(folder.path).lock()
        assert listing(folder.path) == before
        assert times == (folder.hub.stat().st_mtime_ns, folder.path.stat().st_mtime_ns)

    @posix_only
    def test_the_lock_file_is_the_owners(self, folder: Folder) -> None:
        assert folder.lock()
        assert stat.S_IMODE((folder.hub / "lock").stat().st_mode) == 0o600

    def test_a_lock_file_that_cannot_be_opened(self, folder: Folder) -> None:
        (folder.hub / "lock").mkdir()
        with pytest.raises(CannotStart, match="lock cannot be written"):
            folder.lock()

    def test_a_drive_that_cannot_be_locked(
        self, folder: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(fd: int) -> bool:
            raise OSError(errno.ENOLCK, "No locks available")

        monkeypatch.setattr(folder_lock, "_lock_file", refuse)
        with pytest.raises(CannotStart, match=r"cannot be locked \(No locks available\).*--rooms"):
            folder.lock()


class TestPort:
    def test_it_is_remembered(self, folder: Folder) -> None:
        assert folder.port is None
        folder.port = 5003
        assert Folder.open(folder.path).port == 5003

    @pytest.mark.parametrize("text", [b"", b"x", b"0", b"65536", b"-1", b"\xff", b"5000 5001"])
    def test_broken_is_none(self, folder: Folder, text: bytes) -> None:
        (folder.hub / "port").write_bytes(text)
        assert folder.port is None


class TestRunning:
    def test_a_second_start_reads_it(self, folder: Folder) -> None:
        assert folder.read_running() is None
        folder.write_running({"port": 5000, "raise": "s3cret"})
        assert Folder.open(folder.path).read_running() == {"port": 5000, "raise": "s3cret"}
        if POSIX:
            assert stat.S_IMODE((folder.hub / "running.json").stat().st_mode) == 0o600

    def test_closing_while_another_program_reads_it(
        self, folder: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert folder.lock()
        folder.write_running({"port": 1})
        with (folder.hub / "running.json").open("rb"):
            moves_nothing_open(monkeypatch)
            folder.close()
        assert Folder.open(folder.path).lock(), "it is free nevertheless"

    @pytest.mark.parametrize("text", [b"", b"{", b"[1]", b"\xff", b"7"])
    def test_broken_is_none(self, folder: Folder, text: bytes) -> None:
        (folder.hub / "running.json").write_bytes(text)
        assert folder.read_running() is None


class TestReadme:
    """What rooms/README.md shows is true."""

    def test_its_lines_are_whole(self) -> None:
        from hub.protocol.events import event_of, header_of, intact

        text = (ROOT / "rooms" / "README.md").read_bytes()
        block = text.split(b"```jsonl\n")[1].split(b"```")[0]
        header, *events = block.splitlines(keepends=True)
        assert all(intact(line) for line in (header, *events))
        assert header_of(header).room == "general"
        assert [event_of(line).n for line in events] == [1, 2, 3]

    def test_its_program_runs(self, tmp_path: Path) -> None:
        text = (ROOT / "rooms" / "README.md").read_bytes()
        lines = text.split(b"```jsonl\n")[1].split(b"```")[0]
        program = text.split(b"```python\n")[1].split(b"```")[0]
        (tmp_path / "general.jsonl").write_bytes(lines + lines.replace(b"Hello", b"Hallo"))
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", program.decode()],
            cwd=tmp_path,
            capture_output=True,
            check=True,
        )
        shown = done.stdout.splitlines()
        assert [line.startswith(b"damaged") for line in shown] == [False] * 5 + [True, False, True]


@posix_only
class TestLinksAndPipes:
    def test_the_whole_folder_and_its_files_folder_may_be_links(self, tmp_path: Path) -> None:
        (tmp_path / "disk" / "rooms").mkdir(parents=True)
        (tmp_path / "disk" / "files").mkdir()
        (tmp_path / "rooms").symlink_to(tmp_path / "disk" / "rooms")
        (tmp_path / "rooms" / "files").symlink_to(tmp_path / "disk" / "files")
        folder = Folder.open(tmp_path / "rooms")
        assert folder.lock()
        folder.port = 5003
        assert folder.port == 5003
        folder.close()

    @pytest.mark.parametrize("name", ["hub", "hub/torn", "hub/index"])
    def test_what_is_private_is_not_stored_behind_a_link(self, tmp_path: Path, name: str) -> None:
        away = tmp_path / "away"
        away.mkdir(0o755)
        own = tmp_path / "rooms" / name
        own.parent.mkdir(parents=True)
        own.symlink_to(away)
        with pytest.raises(CannotStart, match="is a link"):
            Folder.open(tmp_path / "rooms")
        assert list(away.iterdir()) == []

    @pytest.mark.parametrize("kind", ["pipe", "link"])
    def test_the_port_and_the_running_hub_are_not_read_through_them(
        self, folder: Folder, kind: str
    ) -> None:
        for name, text in (("port", "5003"), ("running.json", "{}")):
            other = folder.path / name
            other.write_text(text)
            if kind == "pipe":
                os.mkfifo(folder.hub / name)
            else:
                (folder.hub / name).symlink_to(other)
        assert folder.port is None
        assert folder.read_running() is None
        folder.port = 5004
        folder.write_running({"url": "x"})
        assert folder.port == 5004
        assert folder.read_running() == {"url": "x"}
        assert (folder.path / "port").read_text() == "5003"

    @pytest.mark.parametrize("kind", ["pipe", "link"])
    def test_the_lock(self, folder: Folder, kind: str) -> None:
        if kind == "pipe":
            os.mkfifo(folder.hub / "lock")
        else:
            (folder.hub / "lock").symlink_to(folder.path / "elsewhere")
        with pytest.raises(CannotStart, match="lock cannot be written: it is"):
            folder.lock()
        assert not (folder.path / "elsewhere").exists()
