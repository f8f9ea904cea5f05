from __future__ import annotations

import pytest

from hub.errors import CannotStart, Refused, Usage


def test_a_refusal_tells_programs_and_people() -> None:
    refused = Refused("too_fast", "That was too fast.", 429, 1.5)
    assert (refused.code, refused.message, refused.status) == (
        "too_fast",
        "That was too fast.",
        429,
    )
    assert str(refused) == "That was too fast."
    assert refused.body() == {
        "code": "too_fast",
        "message": "That was too fast.",
        "retry_after": 1.5,
    }


def test_a_refusal_is_a_400_without_retry() -> None:
    refused = Refused("malformed", "That is no message.")
    assert refused.status == 400
    assert refused.retry_after is None
    assert refused.body() == {"code": "malformed", "message": "That is no message."}


def test_zero_seconds_are_told() -> None:
    assert Refused("x", "y", retry_after=0.0).body()["retry_after"] == 0.0


@pytest.mark.parametrize(("error", "status"), [(CannotStart, 3), (Usage, 2)])
def test_exit_status(error: type[CannotStart | Usage], status: int) -> None:
    assert error("why").exit_status == status
