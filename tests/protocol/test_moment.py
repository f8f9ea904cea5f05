from hub.protocol.moment import moment


def test_the_text_is_utc_in_whole_milliseconds() -> None:
    assert moment(0) == "1970-01-01T00:00:00.000Z"
    assert moment(1795378623.1239) == "2026-11-22T20:17:03.123Z"
    assert moment(1795378623.9999) == "2026-11-22T20:17:03.999Z"
