"""What the resources have in common."""

from __future__ import annotations

from ..._wire import build_path
from ..session import AsyncSession


class AsyncResource:
    """A group of endpoints, over the session of the client it hangs on."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session


def owned_path(user_id: int | str, leaf: str, **owners: int | None) -> str:
    """Give the path of a listing of a user, or of one thing that the user has.

    Args:
        user_id: Id of the user, or `me`.
        leaf: Last segment.
        owners: Ids by path segment, such as `accounts=9`; at most one is not None.

    Raises:
        ValueError: More than one owner is given.
    """
    given = [(segment, owner) for segment, owner in owners.items() if owner is not None]
    if len(given) > 1:
        names = [f"{segment.removesuffix('s')}_id" for segment in owners]
        raise ValueError(f"give either {' or '.join(names)}")
    inner = [part for segment, owner in given for part in (segment, owner)]
    return build_path("users", user_id, *inner, leaf)
