"""Orders to Asterisk for what may be so already."""

import pytest

from ivr.ami.client import AmiRefused, Headers, Packet
from ivr.control.orders import unless_already


class Refuses:
    """An Asterisk that refuses everything for one reason."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def ask(self, action: str, headers: Headers | None = None, variables: Headers | None = None) -> Packet:
        raise AmiRefused(action, self._reason)

    def ask_list(self, action: str, headers: Headers | None = None) -> list[Packet]:
        raise AmiRefused(action, self._reason)


@pytest.mark.parametrize("reason", ["Redirect failed, channel not up.", "No such channel"])
def test_who_is_on_the_way_or_gone_is_not_sent_again(reason: str) -> None:
    unless_already(Refuses(reason), "Redirect", {})


def test_what_is_refused_for_another_reason_is_told() -> None:
    with pytest.raises(AmiRefused):
        unless_already(Refuses("Permission denied"), "Redirect", {})
