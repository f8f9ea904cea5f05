"""A poll as text."""

from hub.protocol.polls import Poll, as_text, tidy


def test_a_poll_reads_as_what_it_is() -> None:
    poll = tidy("  Tea or\n coffee? ", Poll(answers=[" tea\t", "black  coffee"], many=True))
    assert poll == Poll(answers=["tea", "black coffee"], many=True, question="Tea or coffee?")
    assert as_text(poll) == "Tea or coffee?\n\n1. tea\n2. black coffee"
