"""Ids of rows as they arrive in addresses: no larger than a database column holds."""

LARGEST_ID = 2**31 - 1


def row_id(text: str) -> int:
    """The id. Raises `ValueError` for anything that can be none, which Flask takes for absent."""
    found = int(text)
    if not 0 < found <= LARGEST_ID:
        raise ValueError(text)
    return found
