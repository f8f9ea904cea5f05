import pytest

from hub.errors import Refused
from hub.web.streams import MOST, MOST_EACH, Streams


def test_one_address_takes_only_its_share_and_gives_it_back() -> None:
    streams = Streams()
    ends = [streams.enter("a") for _ in range(MOST_EACH)]
    with pytest.raises(Refused) as refused:
        streams.enter("a")
    assert (refused.value.status, refused.value.retry_after) == (429, 2)
    streams.enter("b")
    ends[0]()
    streams.enter("a")


def test_all_together_take_only_half_of_the_threads() -> None:
    streams = Streams()
    for number in range(MOST):
        streams.enter(f"{number}")
    with pytest.raises(Refused):
        streams.enter("one more")
