"""Further departments with their people, and the director: who quarrels over a ticket, and who decides."""

from dataclasses import dataclass
from typing import Self

from hotline.people.actors import Actor, Role
from tests.factories import City, department, user


@dataclass(frozen=True)
class Units:
    """Beside the water bureau of `City`: the police, city management, and who designates."""

    management_id: int
    police_handler: Actor
    police_leader: Actor
    management_leader: Actor
    director: Actor

    @classmethod
    def of(cls, city: City) -> Self:
        """Both can lead."""
        context = city.context
        management = department(context, "management", "城管局")
        user(context, management, Role.HANDLER)
        return cls(
            management,
            police_handler=user(context, city.police_id, Role.HANDLER),
            police_leader=user(context, city.police_id, Role.UNIT_REVIEWER),
            management_leader=user(context, management, Role.UNIT_REVIEWER),
            director=user(context, city.hotline_id, Role.DIRECTOR),
        )
