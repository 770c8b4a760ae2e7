"""Masking: what those see who may not see a citizen's number or name (rulebook B13)."""


def masked_phone(number: str) -> str:
    """`13912345678` as `139****5678`; shorter numbers keep their last two digits; none stays empty."""
    if not number:
        return ""
    if len(number) < 8:
        return "*" * (len(number) - 2) + number[-2:] if len(number) > 2 else "*" * len(number)
    return f"{number[:3]}****{number[-4:]}"


def masked_address(address: str) -> str:
    """`wang@example.com` as `w***@example.com`; none stays empty."""
    name, at, host = address.rpartition("@")
    return f"{name[:1]}***{at}{host}" if address else ""


def masked_name(name: str) -> str:
    """`王小明` as `王**`: the surname stays, so that a person can be addressed."""
    return name[:1] + "*" * (len(name) - 1)
