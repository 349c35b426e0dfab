"""What the app itself remembers, in SQLite. Accounts and transactions stay at Powens."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SCHEMA = """
-- AUTOINCREMENT: the id of a deleted user, which a cookie may still hold, is never given again.
CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    powens_id INTEGER,
    token TEXT  -- opens all accounts of the user: encrypt it in production
);
-- Apart from the users: a webhook may be here before the user is back from the webview.
CREATE TABLE IF NOT EXISTS news (powens_id INTEGER PRIMARY KEY, news TEXT, news_at TEXT);
CREATE TABLE IF NOT EXISTS webhooks (id INTEGER PRIMARY KEY);
"""
USER = """
SELECT id, name, users.powens_id, token, news, news_at
FROM users LEFT JOIN news ON news.powens_id = users.powens_id
"""


@dataclass(frozen=True, slots=True)
class User:
    """A user of the app, and who that is at Powens once a bank is connected."""

    id: int
    name: str
    powens_id: int | None
    token: str | None = field(repr=False)
    news: str | None
    news_at: str | None


class Store:
    """The database. Every method is one transaction on a connection of its own.

    A method blocks: call it in a thread, so that the loop goes on.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._transaction() as database:
            database.executescript(SCHEMA)

    def sign_in(self, name: str) -> User:
        """Give the user of that name, a new one if need be."""
        with self._transaction() as database:
            database.execute("INSERT INTO users (name) VALUES (?) ON CONFLICT DO NOTHING", [name])
            row = database.execute(f"{USER} WHERE name = ?", [name]).fetchone()
        return User(*row)

    def user(self, user_id: int) -> User | None:
        """Give a user, if it is still there."""
        with self._transaction() as database:
            row = database.execute(f"{USER} WHERE id = ?", [user_id]).fetchone()
        return None if row is None else User(*row)

    def save_token(self, user_id: int, *, powens_id: int | None, token: str | None) -> None:
        """Keep who the user is at Powens, or forget it with None."""
        with self._transaction() as database:
            database.execute(
                "UPDATE users SET powens_id = ?, token = ? WHERE id = ?",
                [powens_id, token, user_id],
            )

    def delete(self, user_id: int) -> None:
        """Delete a user."""
        with self._transaction() as database:
            database.execute(
                "DELETE FROM news WHERE powens_id = (SELECT powens_id FROM users WHERE id = ?)",
                [user_id],
            )
            database.execute("DELETE FROM users WHERE id = ?", [user_id])

    def add_news(self, webhook_id: int | None, *, powens_id: int, news: str) -> None:
        """Note what a webhook says, unless it was received before."""
        now = dt.datetime.now(dt.UTC).isoformat(" ", "minutes")
        with self._transaction() as database:
            if _is_new(database, webhook_id):
                database.execute(
                    "INSERT OR REPLACE INTO news VALUES (?, ?, ?)", [powens_id, news, now]
                )

    def forget_powens_user(self, webhook_id: int | None, *, powens_id: int) -> None:
        """Forget a user that Powens has deleted, unless the webhook was received before."""
        with self._transaction() as database:
            if _is_new(database, webhook_id):
                database.execute("DELETE FROM news WHERE powens_id = ?", [powens_id])
                database.execute(
                    "UPDATE users SET powens_id = NULL, token = NULL WHERE powens_id = ?",
                    [powens_id],
                )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path)) as database, database:
            yield database


def _is_new(database: sqlite3.Connection, webhook_id: int | None) -> bool:
    # In the transaction of what the webhook changes: either both are kept or neither.
    if webhook_id is None:
        return True
    cursor = database.execute("INSERT OR IGNORE INTO webhooks VALUES (?)", [webhook_id])
    return cursor.rowcount == 1
