"""When a file was last changed in any way: what it holds, its name, place, times or rights."""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes
    from typing import Final

    _BASIC_INFO: Final = 0
    """FileBasicInfo, of FILE_INFO_BY_HANDLE_CLASS."""
    _TO_1970: Final = 116_444_736_000_000_000
    """From 1601, where Windows begins to count, in units of 100 ns."""

    class _BasicInfo(ctypes.Structure):
        _fields_ = (
            ("created", ctypes.c_int64),
            ("accessed", ctypes.c_int64),
            ("written", ctypes.c_int64),
            ("changed", ctypes.c_int64),
            ("attributes", wintypes.DWORD),
        )

    def change_time_ns(fd: int) -> int:
        """When an open file was changed, in ns since 1970. Raises OSError.

        Python's `st_ctime` is the time at which it was made, which stays as it is where a file is
        moved. A drive that does not know (FAT) has that one alone.
        """
        info = _BasicInfo()
        asked = ctypes.windll.kernel32.GetFileInformationByHandleEx
        handle = wintypes.HANDLE(msvcrt.get_osfhandle(fd))
        if not asked(handle, _BASIC_INFO, ctypes.byref(info), ctypes.sizeof(info)):
            raise ctypes.WinError()
        return (info.changed - _TO_1970) * 100 if info.changed > 0 else os.fstat(fd).st_ctime_ns

else:

    def change_time_ns(fd: int) -> int:
        """When an open file was changed, in ns since 1970. Raises OSError."""
        return os.fstat(fd).st_ctime_ns
