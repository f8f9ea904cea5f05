"""A virtual screen for tests: Xvfb with a window manager, keyboard input and screenshots."""

import operator
import os
import re
import struct
import subprocess
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.patience import PATIENCE, until

BLOCK = 1600
"""Bytes of a picture that are compared at a time; most are as they were."""

Area = tuple[int, int, int, int]
"""Left, top, width and height, in pixels."""

PANEL = """<openbox_config xmlns="http://openbox.org/3.4/rc">
<margins><top>{}</top><bottom>{}</bottom><left>0</left><right>0</right></margins>
</openbox_config>"""


class Screen:
    """`environment` is what programs need to appear on it; `close` ends it.

    `panels` are as high as what the desktop keeps for itself at the top and at the bottom.
    """

    def __init__(
        self, folder: Path, size: tuple[int, int] = (1200, 800), panels: tuple[int, int] = (0, 0)
    ) -> None:
        self._frame = folder / "Xvfb_screen0"
        read, write = os.pipe()
        place = ("-displayfd", str(write), "-fbdir", str(folder), "-nolisten", "tcp")
        self._server = subprocess.Popen(
            ["Xvfb", *place, "-screen", "0", "{}x{}x24".format(*size), "-noreset", "-ac"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as number:  # to the newline: closing earlier would kill the server
            display = f":{number.readline().strip()}"
        self.environment = {**os.environ, "DISPLAY": display, "GDK_BACKEND": "x11"}
        self.environment.pop("WAYLAND_DISPLAY", None)
        own = folder / "openbox.xml"
        own.write_text(PANEL.format(*panels))
        manager = ["openbox", "--config-file", str(own)] if any(panels) else ["openbox"]
        self._manager = subprocess.Popen(
            manager, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(lambda: self._do("wmctrl", "-m"), "the window manager did not start")
        self._do("xdotool", "mousemove", "0", "0")  # out of the pictures

    def close(self) -> None:
        for process in (self._manager, self._server):
            process.terminate()
            process.wait(PATIENCE)

    def windows(self) -> list[str]:
        """The titles of the windows that are open."""
        return [title for _, _, title in self._windows()]

    def window(self, title: str) -> str:
        """The number of the window of that title, or else of the program of that name; "" for none.

        The title of a page tells its room, or who calls.
        """
        windows = self._windows()
        by_title = (number for number, _, shown in windows if shown == title)
        by_program = (number for number, program, _ in windows if program == title)
        return next(by_title, None) or next(by_program, "")

    def place(self, title: str) -> Area:
        """Where the window is, with the frame that the window manager drew around it."""
        number = self.window(title)
        found = self._do("xwininfo", "-id", number)
        found += self._do("xprop", "-id", number, "_NET_FRAME_EXTENTS")
        names = ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")
        numbers = [re.search(rf"{name}:\s+(-?\d+)", found) for name in names]
        frame = re.search(r"_NET_FRAME_EXTENTS.* = (\d+), (\d+), (\d+), (\d+)", found)
        assert all(numbers), found
        assert frame, found
        x, y, width, height = (int(each[1]) for each in numbers if each)
        left, right, top, bottom = map(int, frame.groups())
        return x - left, y - top, width + left + right, height + top + bottom

    def popup(self, program: str) -> tuple[int, int] | None:
        """The middle of what a program shows without a frame; None where it shows nothing."""
        told = self._do(
            "xdotool", "search", "--onlyvisible", "--class", program, "getwindowgeometry"
        )
        found = re.search(r"Position: (\d+),(\d+).*\n\s*Geometry: (\d+)x(\d+)", told)
        if not found:
            return None
        x, y, width, height = map(int, found.groups())
        return x + width // 2, y + height // 2

    def put(self, title: str, area: Area) -> None:
        """Moves a window, and gives it a size, as somebody who pulls at it does."""
        self._do("wmctrl", "-i", "-r", self.window(title), "-e", "0,{},{},{},{}".format(*area))

    def raise_window(self, title: str) -> None:
        """Waits for a window of that title and gives it the focus."""
        until(lambda: self.window(title), f"no window {title} came up")
        self._do("xdotool", "windowmap", "--sync", str(int(self.window(title), 16)))
        self._do("wmctrl", "-i", "-a", self.window(title))
        until(lambda: self.has_keyboard(title), f"{title} did not get the keyboard")

    def minimize(self, title: str) -> None:
        """Puts the window away, as a click on its line does, and lets its page hear of it."""
        self._do("xdotool", "windowminimize", str(int(self.window(title), 16)))
        until(lambda: not self.has_keyboard(title), f"{title} kept the keyboard")
        time.sleep(2)  # nothing outside tells when the page knows

    def restore(self, title: str) -> None:
        """Brings back what was put away, as a click on its line does."""
        self._do("wmctrl", "-i", "-a", self.window(title))
        until(lambda: self.has_keyboard(title), f"{title} did not come back")

    def has_keyboard(self, title: str) -> bool:
        active, window = self._do("xdotool", "getactivewindow").strip(), self.window(title)
        return bool(active and window) and int(active) == int(window, 16)

    def close_window(self, title: str) -> None:
        """Asks the window to close, as a click on its cross does."""
        self._do("wmctrl", "-i", "-c", self.window(title))

    def click(self, x: int, y: int, button: int = 1) -> None:
        self._do("xdotool", "mousemove", str(x), str(y), "click", str(button))

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Pulls with the mouse, as slowly as a hand, and lets go."""
        self._do("xdotool", "mousemove", *map(str, start), "mousedown", "1")
        for step in range(1, 11):
            time.sleep(0.1)
            x, y = (a + (b - a) * step // 10 for a, b in zip(start, end, strict=True))
            self._do("xdotool", "mousemove", str(x), str(y))
        time.sleep(0.3)
        self._do("xdotool", "mouseup", "1")

    def find(self, colour: int, area: Area) -> tuple[int, int] | None:
        """A place of that colour (0xRRGGBB) within an area of the screen; None for none."""
        width, _, pixels = self._look()
        left, top, wide, high = area
        for y in range(top, top + high):
            row = pixels[(y * width + left) * 4 : (y * width + left + wide) * 4]
            for x, (pixel,) in enumerate(struct.iter_unpack("<I", row)):
                if pixel & 0xFFFFFF == colour:
                    return left + x, y
        return None

    def type(self, text: str) -> None:
        self._do("xdotool", "type", "--delay", "15", text)

    def press(self, key: str) -> None:
        self._do("xdotool", "key", key)

    def walk(self, key: str, steps: int) -> None:
        """Presses a key so often, as fast as a page follows with the focus."""
        for _ in range(steps):
            self.press(key)
            time.sleep(0.15)

    def say_first(self, name: str, text: str, said: Callable[[], object]) -> None:
        """Enters a name in a fresh window, then sends a message."""
        self.rests()
        until(self._takes_letters, "the window takes no letters")
        form = self.middle()
        self._enter(name, lambda: _differ(self.middle(), form) > 5000)
        self.rests()
        self._enter(text, said)

    def say_next(self, text: str, said: Callable[[], object]) -> None:
        """Sends a message in the room that comes up, once it is shown and has the focus."""
        self.rests()
        self._enter(text, said)

    def _takes_letters(self) -> bool:
        """Whether a letter shows and can be taken back: not where the form is only just coming."""

        def within_a_moment(look: Callable[[], bool]) -> bool:
            end = time.monotonic() + 2
            while not (found := look()) and time.monotonic() < end:
                time.sleep(0.05)
            return found

        before = self.middle()
        self.press("M")
        if not within_a_moment(lambda: _differ(self.middle(), before) > 100):
            return False
        self.press("BackSpace")
        return within_a_moment(lambda: _differ(self.middle(), before) <= 100)

    def _enter(self, text: str, taken: Callable[[], object]) -> None:
        for _ in range(3):
            self.press("ctrl+a")  # replaces what an earlier attempt left
            self.type(text)
            self.press("Return")
            end = time.monotonic() + 20
            while time.monotonic() < end:
                if taken():
                    return
                time.sleep(0.1)
        raise AssertionError(f"{text!r} was typed and not taken")

    def rests(self) -> None:
        """Waits until the middle of the screen no longer changes, a blinking caret aside."""

        def at_rest() -> bool:
            before = self.middle()
            for _ in range(3):
                time.sleep(0.3)
                if _differ(self.middle(), before) > 100:
                    return False
            return True

        until(at_rest, "the window does not come to rest")

    def changes(self, do: Callable[[], None], otherwise: str) -> None:
        """Does something that changes the middle of the screen, and waits until it is drawn."""
        before = self.middle()
        do()
        until(lambda: _differ(self.middle(), before) > 100, otherwise)
        self.rests()

    def middle(self) -> bytes:
        """The pixels of the middle of the screen, where no caret blinks: four bytes each."""
        width, height, pixels = self._look()
        left, right = width // 4 * 4, width * 3 // 4 * 4
        rows = range(height // 4, height * 3 // 4)
        return b"".join(pixels[row * width * 4 + left : row * width * 4 + right] for row in rows)

    def until_painted(self) -> None:
        """Waits until the middle shows text and pictures; a blank window has one colour there."""
        try:
            until(lambda: len(self._colours()) > 20, "the window stayed blank")
        except AssertionError as blank:
            colours = " ".join(f"{colour:08x}" for colour in self._colours())
            blank.args = (f"{blank}: {self.windows()} are open, the middle is {colours}",)
            raise

    def _colours(self) -> set[int]:
        middle = self.middle()
        return set(struct.unpack(f"<{len(middle) // 4}I", middle))

    def save(self, path: Path) -> None:
        """Writes what is on the screen as a PNG, for a person to look at."""
        width, height, pixels = self._look()
        rows = []
        for row in range(height):
            line = pixels[row * width * 4 : (row + 1) * width * 4]
            plain = bytearray(width * 3)
            plain[0::3], plain[1::3], plain[2::3] = line[2::4], line[1::4], line[0::4]
            rows.append(b"\0" + plain)
        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
        chunks = (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in parts
        )
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))

    def _look(self) -> tuple[int, int, bytes]:
        """Width, height and pixels (blue, green, red, nothing) out of the server's own memory.

        The file is an X window dump: 25 big-endian numbers, a name, the colour map, the pixels.
        """
        dump = self._frame.read_bytes()
        header = struct.unpack(">25I", dump[:100])
        width, height, line, colours = header[4], header[5], header[12], header[19]
        assert line == width * 4
        start = header[0] + colours * 12
        return width, height, dump[start : start + height * line]

    def _windows(self) -> list[tuple[str, str, str]]:
        """Number, program and title of each window."""
        lines = (line.split(maxsplit=4) for line in self._do("wmctrl", "-l", "-x").splitlines())
        return [
            (number, program.rpartition(".")[2], title)
            for number, _, program, _, *rest in lines
            for title in rest or [""]
        ]

    def _do(self, *command: str) -> str:
        ended = subprocess.run(
            command,
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        return ended.stdout if ended.returncode == 0 else ""


def _differ(one: bytes, other: bytes) -> int:
    """How many pixels differ; 0 at once if none does."""
    assert len(one) == len(other)
    places = range(0, len(one), BLOCK)
    blocks = ((one[x : x + BLOCK], other[x : x + BLOCK]) for x in places)
    return sum(
        sum(map(operator.ne, memoryview(a).cast("I"), memoryview(b).cast("I")))
        for a, b in blocks
        if a != b
    )
