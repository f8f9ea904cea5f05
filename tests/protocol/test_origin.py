"""Where a forwarded message comes from, as it stands in its line."""

from hub.protocol.events import encode
from hub.protocol.origin import Origin


def test_what_is_not_told_is_left_out() -> None:
    assert encode(Origin("naor", "now")) == b'{"by":"naor","at":"now"}'
    whole = Origin("naor", "now", "p_1", "tea", 3)
    assert encode(whole) == b'{"by":"naor","at":"now","who":"p_1","room":"tea","n":3}'
