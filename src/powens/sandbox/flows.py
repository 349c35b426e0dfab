"""The states of a connection: what each one waits for, and what a request does to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from powens.sandbox.bank import OTP, OTP_FIELD, WRONG_PASSWORD, Bank
from powens.sandbox.wire import ApiError, JsonObject

POLLS_WHILE_VALIDATING: Final = 2


class Event(StrEnum):
    """What can move a connection on."""

    CREDENTIALS = "credentials"
    OTP = "otp"
    RESUME = "resume"
    SYNC = "sync"
    FORCED_SYNC = "forced sync"
    WEBAUTH = "webauth"


@dataclass(frozen=True, slots=True)
class State:
    """A state: the status it is announced with, what ends it, and what the bank says meanwhile."""

    status: int = 200
    ended_by: frozenset[Event] = frozenset()
    message: str | None = None
    fields: tuple[JsonObject, ...] = field(default=())


_ANY_SYNC = frozenset({Event.SYNC, Event.FORCED_SYNC})

STATES: Final[Mapping[str | None, State]] = {
    None: State(),
    "SCARequired": State(202, frozenset({Event.SYNC})),
    "webauthRequired": State(202, frozenset({Event.WEBAUTH})),
    "additionalInformationNeeded": State(202, frozenset({Event.OTP}), fields=(OTP_FIELD,)),
    "decoupled": State(
        202, frozenset({Event.RESUME}), "Validez l'opération dans votre application"
    ),
    "validating": State(202),
    "wrongpass": State(
        200, frozenset({Event.CREDENTIALS}), "Identifiant ou mot de passe incorrect"
    ),
    "actionNeeded": State(202, _ANY_SYNC, "Un message de votre banque attend votre lecture"),
    "passwordExpired": State(202, frozenset({Event.CREDENTIALS}), "Votre mot de passe a expiré"),
    "rateLimiting": State(200, _ANY_SYNC),
    "websiteUnavailable": State(200, _ANY_SYNC),
    "bug": State(200),
}


@dataclass
class Progress:
    """Where a connection stands.

    Attributes:
        state: Its state; None when it is connected.
        message: What the bank says about the state.
        polls_left: How many more readings find it `validating`.
        fresh: Whether it was never connected so far.
    """

    state: str | None
    message: str | None = None
    polls_left: int = 0
    fresh: bool = True

    @classmethod
    def begin(cls, bank: Bank) -> "Progress":
        """Where a new connection to a bank begins."""
        return cls(bank.start, STATES[bank.start].message)

    @property
    def fields(self) -> list[JsonObject] | None:
        """What to ask the user for."""
        return list(STATES[self.state].fields) or None

    @property
    def status(self) -> int:
        """The HTTP status it is announced with."""
        return STATES[self.state].status

    def enter(self, state: str | None) -> None:
        """Go to a state."""
        self.state, self.message = state, STATES[state].message

    def advance(self, event: Event, *, background: bool = False) -> None:
        """Let an event end the state it can end."""
        if event not in STATES[self.state].ended_by:
            return
        if background:
            self.polls_left = POLLS_WHILE_VALIDATING
        self.enter("validating" if background else None)

    def poll(self) -> None:
        """Let a reading of a `validating` connection bring it nearer its end."""
        if self.state == "validating":
            self.polls_left -= 1
            if self.polls_left < 0:
                self.enter(None)


def event_of(body: JsonObject, secrets: JsonObject, progress: Progress) -> Event | None:
    """What the body of an update means for a connection; None for a mere change of settings."""
    if not body:
        return Event.SYNC
    try:
        check_password(secrets)
    except ApiError:
        progress.enter("wrongpass")
        raise
    if "otp" in secrets:
        if secrets["otp"] == OTP:
            return Event.OTP
        progress.message = "Code incorrect"
        return None
    if secrets:
        return Event.CREDENTIALS
    return Event.RESUME if str(body.get("resume")).lower() == "true" else None


def check_password(secrets: JsonObject) -> None:
    """Refuse the one password every bank refuses."""
    if secrets.get("password") == WRONG_PASSWORD:
        raise ApiError(
            400, "wrongpass", "The bank refused the credentials", STATES["wrongpass"].message
        )
