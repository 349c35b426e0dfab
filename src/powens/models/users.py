"""Users of a domain."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from attrs import frozen

from .._model import Envelope, Model, Open
from .enums import UserPlatform


@frozen(kw_only=True)
class User(Model):
    """Root of everything that is known of one person or company."""

    id: int
    # Creation of the user.
    signin: dt.datetime | None = None
    # Undocumented, sent by the live API.
    platform: Open[UserPlatform] | None = None


@frozen(kw_only=True)
class UsersList(Envelope[User]):
    """Answer of `GET /users`."""

    _items_field: ClassVar[str] = "users"
    users: tuple[User, ...]
    total: int | None = None
