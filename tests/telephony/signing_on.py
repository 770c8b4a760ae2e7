"""An agent whose telephone has just been plugged in signs on."""

from hotline.calls.ports import NoTelephone, SeatControl
from hotline.calls.seats import sign_on
from hotline.context import Context
from tests.waiting import until


def sign_on_when_there(context: Context, control: SeatControl, extension: str) -> None:
    """The network says that a telephone is registered before the hotline says so."""
    until(lambda: signs_on(context, control, extension), what=f"the telephone of {extension}")


def signs_on(context: Context, control: SeatControl, extension: str) -> bool:
    """False while the telephone registers."""
    try:
        sign_on(context, control, extension)
    except NoTelephone:
        return False
    return True
