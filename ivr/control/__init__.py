"""What the core and the console ask of the telephone, done through AMI: one module a kind of order."""

from ivr.control.accounts import AccountOrders
from ivr.control.calls_out import OutgoingOrders
from ivr.control.headsets import HeadsetOrders
from ivr.control.orders import AMI_USER, QUEUE, TRUNK, ami_account, dialable
from ivr.control.seats import SeatOrders
from ivr.control.supervise import SupervisorOrders
from ivr.control.talk import TalkOrders
from ivr.control.waiting import WaitingOrders

__all__ = ["AMI_USER", "QUEUE", "TRUNK", "AmiCallControl", "ami_account", "dialable"]


class AmiCallControl(
    SeatOrders, WaitingOrders, TalkOrders, SupervisorOrders, OutgoingOrders, AccountOrders, HeadsetOrders
):
    """Implements `hotline.calls.ports.CallControl`."""
