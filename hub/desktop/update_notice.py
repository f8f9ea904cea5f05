"""Tells hosts of a newer Hearth, if a setting says where to ask; nothing waits for the answer.

The answer is JSON as GitHub gives it for the latest release of a repository
(https://docs.github.com/rest/releases/releases#get-the-latest-release): `tag_name`, such as
"v1.2.3", and `html_url`, the page to fetch it from.
"""

from __future__ import annotations

import http.client
import logging
import re
import ssl
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from hub import __version__
from hub.errors import CannotStart
from hub.threads import start

log = logging.getLogger(__name__)

EVERY_SECONDS: Final = 24 * 3600.0
"""Seconds between two questions."""
AGAIN_SECONDS: Final = 600.0
"""Seconds after a question that nobody answered: there may be no network yet."""
ANSWER_SECONDS: Final = 20.0
"""Seconds for each step of an answer."""
ANSWER_BYTES: Final = 1 << 18
"""Bytes of the longest answer: notes of a release are among them."""
AUTHORITIES: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where distributions keep whom to trust: a frozen Python knows only where it was built."""
_VERSION: Final = re.compile(r"v?(\d{1,6}(?:\.\d{1,6}){0,3})", re.ASCII)
_PAGE: Final = re.compile(r"https://[!-~]{1,200}")


class Release(msgspec.Struct):
    tag_name: str
    html_url: str = ""


def check(url: str) -> None:
    """Raises CannotStart where the setting `updates` is no address to ask at."""
    if not re.match(r"https?://[^/]", url):
        raise CannotStart(
            f"The setting updates must begin with https:// or http://, not {url!r}. Change it."
        )


def watch(url: str, tell: Callable[[str], None]) -> None:
    """Ask now and then, on a thread of its own; `tell` is called once for each newer version."""
    told: set[str] = set()

    def ask() -> None:
        pause = threading.Event()
        while True:
            release = latest(url)
            text = None if release is None else newer(release)
            if text is not None and text not in told:
                told.add(text)
                tell(text)
            pause.wait(AGAIN_SECONDS if release is None else EVERY_SECONDS)

    start(threading.Thread(target=ask, name="updates", daemon=True))


def latest(url: str) -> Release | None:
    """Ask for the latest release; None where there is no network, or the answer is none."""
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_SECONDS, context=_trust()) as answer:
            return msgspec.json.decode(answer.read(ANSWER_BYTES), type=Release)
    except (OSError, ValueError, http.client.HTTPException, msgspec.DecodeError) as error:
        log.debug("no answer about a newer version: %s", error)
        return None


def newer(release: Release) -> str | None:
    """A sentence for hosts, if the release is newer than this program; else None."""
    version = _VERSION.fullmatch(release.tag_name)
    if version is None or _numbers(version[1]) <= _numbers(__version__):
        return None
    where = f" {release.html_url}" if _PAGE.fullmatch(release.html_url) else ""
    return f"Hearth {version[1]} is out. This is {__version__}.{where}"


def _numbers(version: str) -> list[int]:
    numbers = [int(x) for x in re.findall(r"\d+", version)]
    return numbers + [0] * (4 - len(numbers))


def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:
        file = next((x for x in AUTHORITIES if Path(x).exists()), None)
        if file is not None:
            context.load_verify_locations(file)
    return context
