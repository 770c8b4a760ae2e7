"""What two written addresses have in common."""


def same_house(one: str, other: str) -> bool:
    """Whether one address begins with the other: `幸福路 8 号` and `幸福路 8 号 3 栋`.

    A number is not cut in two: `幸福路 1` is not `幸福路 12 号`. Nothing is the same as an empty address.
    """
    short, long = sorted((one, other), key=len)
    if not short or not long.startswith(short):
        return False
    rest = long[len(short) :]
    return not (short[-1].isdigit() and rest[:1].isdigit())
