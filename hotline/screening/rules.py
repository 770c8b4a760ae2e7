"""Reasons why a matter is not taken on (rulebook B4), and what its citizen is told then."""

from enum import StrEnum

from hotline.deadlines.profiles import Limit, Unit


class RefusalCode(StrEnum):
    """Reason codes of rulebook B4."""

    EMERGENCY = "E1"
    LEGAL_ROUTE = "E2"
    OUTSIDE_JURISDICTION = "E3"
    CONFIDENTIAL = "E4"
    UNLAWFUL = "E5"
    ALREADY_HANDLED = "E6"
    NO_SUBSTANCE = "E7"
    OTHER_ORGANS = "E8"


REASONS = {
    RefusalCode.EMERGENCY: "属于 110、119、120、122 受理的紧急事项",
    RefusalCode.LEGAL_ROUTE: "应当通过或正在通过诉讼、仲裁、纪检监察、行政复议、政府信息公开或信访途径解决",
    RefusalCode.OUTSIDE_JURISDICTION: "不属于本市管辖",
    RefusalCode.CONFIDENTIAL: "涉及国家秘密、工作秘密、商业秘密或个人隐私",
    RefusalCode.UNLAWFUL: "违反法律法规或社会公序良俗",
    RefusalCode.ALREADY_HANDLED: "同一事实和理由正在依法办理或已经办结，没有新的情况",
    RefusalCode.NO_SUBSTANCE: "没有实质内容",
    RefusalCode.OTHER_ORGANS: "属于法院、检察院、军队等机关的职权范围",
}
"""The reason as the citizen is told it, in the language of the city's citizens."""

OBJECTION_DAYS = 10
RECEIPT_WITHIN = Limit(3, Unit.WORKING_DAY)
"""By when another body has to confirm what was referred to it; after that the hotline is told (B4)."""
LONGEST_RECEIPT = 100


def told_text(code: RefusalCode, basis: str, right_channel: str) -> str:
    """What the citizen is told: the reason, its basis, where to turn, and that they may object."""
    return (
        f"您反映的事项，热线不予受理。原因：{REASONS[code]}。依据：{basis}。"
        f"请向下列渠道反映：{right_channel}。如有异议，您可以在 {OBJECTION_DAYS} 日内向热线提出一次。"
    )
