"""The sheet of a ticket's file: what the JSON says, for people to read. Made outside of requests, and so in
Chinese, as every official paper here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from agent_console.history import event_label
from agent_console.letters import Letter, as_file
from hotline.dossiers.models import Ground

_TITLES = {Ground.ACCESS: "工单卷宗（本人查阅）", Ground.HAND_OVER: "工单卷宗（移交）"}
Row = Mapping[str, Any]


def sheet_of(content: Mapping[str, Any], zone: ZoneInfo) -> bytes:
    """The bytes of a DOCX. `content` is that of `hotline.dossiers.contents.content_of`."""
    return as_file(letter_of(content, zone), "docx")


def letter_of(content: Mapping[str, Any], zone: ZoneInfo) -> Letter:
    """What it says, part by part."""
    tables: Mapping[str, Sequence[Row]] = content["tables"]
    [ticket] = tables["ticket"]
    ordered_at = datetime.fromisoformat(content["ordered_at"]).astimezone(zone)
    return Letter(
        issuer="12345 热线",
        number=content["number"],
        title=_TITLES[Ground(content["ground"])],
        addressee=content["receiver"],
        opening=f"理由：{content['reason']}",
        facts=_facts(ticket, zone),
        sections=[(heading, text) for heading, text in _sections(content, zone) if text],
        closing="以上为本工单在热线系统中的全部可提供内容，机器可读的完整数据见同一压缩包内的 工单.json。",
        dated=ordered_at.date(),
        footer=f"{content['ordered_by']} {ordered_at:%Y-%m-%d %H:%M} 导出",
        mark=f"{content['ordered_by']} {ordered_at:%Y-%m-%d %H:%M}",
    )


def _facts(ticket: Row, zone: ZoneInfo) -> list[tuple[str, str]]:
    place = "".join(ticket[name] for name in ("district", "street", "address"))
    facts = [
        ("姓　　名", ticket["complainant_name"]),
        ("电　　话", ticket["complainant_phone"]),
        ("地　　点", place),
        ("收到时间", _moment(ticket["received_at"], zone)),
        ("登记时间", _moment(ticket["registered_at"], zone)),
        ("办结时间", _moment(ticket["closed_at"], zone)),
    ]
    return [(name, words) for name, words in facts if words]


def _sections(content: Mapping[str, Any], zone: ZoneInfo) -> list[tuple[str, str]]:
    tables: Mapping[str, Sequence[Row]] = content["tables"]
    [ticket] = tables["ticket"]
    questions = (f"{one['text']}　{one['answer']}" for one in tables.get("question", ()))
    replies = (one["public_text"] for one in tables.get("reply", ()))
    attached = [*tables.get("enclosure", ()), *tables.get("attachment", ())]
    files = (one["name"] or "（名称已隐去）" for one in attached)
    said = (f"{one['speaker']}：{one['text']}" for one in content["said"])
    return [
        ("反映事项", ticket["description"]),
        ("诉求和逐项答复", "\n".join(questions)),
        ("答复", "\n".join(replies)),
        ("办理经过", "\n".join(_line(one, zone) for one in tables.get("history_line", ()))),
        ("通话文字", "\n".join(said)),
        ("附件", "\n".join(files)),
    ]


def _line(line: Row, zone: ZoneInfo) -> str:
    parts = (
        _moment(line["at"], zone),
        event_label(line["event"]),
        line["department_name"],
        line.get("reason") or "",
    )
    return "　".join(part for part in parts if part)


def _moment(text: str | None, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(text).astimezone(zone):%Y-%m-%d %H:%M}" if text else ""
