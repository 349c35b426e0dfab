"""Whole stories over real HTTP, against the sandbox.

Each story has a user of its own, so that they share one sandbox without disturbing each other.
"""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import httpx
import pytest

from powens import (
    AsyncPowensClient,
    AuthScope,
    Category,
    ConnectionState,
    ConnectorFieldType,
    ConnectorSourceName,
    PowensAuthError,
    PowensBadRequestError,
    PowensConflictError,
    PowensConnectionError,
    PowensErrorCode,
    PowensNotFoundError,
    PowensRateLimitError,
    PowensSerializationError,
    PowensServerError,
    PowensServiceUnavailableError,
    PowensTimeoutError,
    RetryPolicy,
    TransactionDateFilter,
)
from powens.sandbox import Fault, Sandbox

ENTERED = {"login": "someone", "password": "something"}
BACK = "https://app.example/back"
IMPATIENT = RetryPolicy(base_delay=0, jitter=0, max_delay=0)
DAY = dt.date(2026, 1, 1)
LATELY = dt.datetime.fromisoformat("2026-01-20 12:00:00")


@pytest.fixture(scope="module")
def powens():
    """A sandbox for stories that leave the others alone."""
    with Sandbox() as powens:
        yield powens


@pytest.fixture
def own_powens():
    """A sandbox for a story that changes the whole domain."""
    with Sandbox() as powens:
        yield powens


@pytest.fixture
def faulty(powens):
    """The shared sandbox with an empty record, and free of faults again afterwards."""
    powens.clear_requests()
    yield powens
    powens.clear_faults()


@pytest.fixture
def client_of():
    """Function that makes a client of the application in a sandbox."""

    def make(powens, token=None):
        return AsyncPowensClient(
            base_url=powens.base_url,
            access_token=token,
            client_id=powens.client_id,
            client_secret=powens.client_secret,
            retry_policy=IMPATIENT,
        )

    return make


@pytest.fixture
async def app(powens, client_of):
    """The client of the application, without a token."""
    async with client_of(powens) as client:
        yield client


@pytest.fixture
async def user(app):
    """The client as a new user."""
    token = await app.auth.init_user()
    return app.with_options(access_token=token.token)


@pytest.fixture
def reader(app, powens):
    """The client as the ready-made user, who has 400 transactions; for reading only."""
    return app.with_options(access_token=powens.access_token)


async def connect(client, bank, **more):
    """Connect a bank by its name."""
    connectors = await client.connectors.list_all()
    (uuid,) = (connector.uuid for connector in connectors if connector.name == bank)
    more.setdefault("fields", ENTERED)
    return await client.connections.create(connector_uuid=uuid, **more)


async def connect_with_accounts(client, **more):
    """Connect a bank that answers at once, and enable all accounts of it."""
    connection = await connect(client, "Banque des Alizés", **more)
    accounts = await client.accounts.list_all(include_all=True)
    for account in accounts:
        await client.accounts.update(account_id=account.id, disabled=False, include_all=True)
    return connection


# --- Tokens --------------------------------------------------------------------------------------


async def test_a_user_made_with_credentials_is_permanent(app, powens):
    token = await app.auth.init_user()
    assert token.type == "permanent"
    assert token.expires_in is None
    powens.advance(3600)
    me = await app.with_options(access_token=token.token).users.me()
    assert me.id == token.id_user


async def test_a_user_made_without_credentials_ends_with_its_token(app, powens):
    token = await app.auth.init_user(client_id=None, client_secret=None)
    assert (token.type, token.expires_in) == ("temporary", 1800)
    user = app.with_options(access_token=token.token)
    assert (await user.users.me()).id == token.id_user
    powens.advance(1801)
    with pytest.raises(PowensAuthError) as refusal:
        await user.users.me()
    assert (refusal.value.status_code, refusal.value.error_code) == (401, "unauthorized")
    assert refusal.value.request_id


async def test_a_temporary_user_stays_once_its_token_is_exchanged(app, powens):
    temporary = await app.auth.init_user(client_id=None, client_secret=None)
    permanent = await app.auth.exchange_code(code=temporary.token)
    powens.advance(1801)
    me = await app.with_options(access_token=permanent.token).users.me()
    assert me.id == temporary.id_user


async def test_a_code_is_exchanged_for_a_token_once(app, user):
    code = await user.auth.generate_code()
    assert code.access == "standard"
    token = await app.auth.exchange_code(code=code.code)
    other = app.with_options(access_token=token.token)
    assert await other.users.me() == await user.users.me()
    with pytest.raises(PowensAuthError):
        await app.auth.exchange_code(code=code.code)


async def test_a_code_for_single_access_opens_one_call(app, user):
    code = await user.auth.generate_code(type_="singleAccess")
    assert code.access == "single"
    guest = app.with_options(access_token=code.code)
    assert await guest.users.me() == await user.users.me()
    with pytest.raises(PowensAuthError):
        await guest.users.me()


async def test_a_lost_token_is_renewed(app, user):
    me = await user.users.me()
    renewed = await app.auth.renew_token(id_user=me.id)
    other = app.with_options(access_token=renewed.token)
    assert await other.users.me() == await user.users.me() == me


async def test_renewing_can_revoke_all_tokens_there_were(app, user):
    me = await user.users.me()
    renewed = await app.auth.renew_token(id_user=me.id, revoke_previous=True)
    with pytest.raises(PowensAuthError):
        await user.users.me()
    assert await app.with_options(access_token=renewed.token).users.me() == me


async def test_the_token_of_nobody_is_not_renewed(app):
    with pytest.raises(PowensNotFoundError):
        await app.auth.renew_token(id_user=999_999)


async def test_a_revoked_token_opens_nothing(user):
    assert await user.auth.revoke_token() is None
    with pytest.raises(PowensAuthError):
        await user.users.me()
    with pytest.raises(PowensAuthError):
        await user.auth.revoke_token()


async def test_a_service_token_belongs_to_no_user(app):
    token = await app.auth.generate_service_token(scope=[AuthScope.PAYMENTS_ADMIN, "extra"])
    assert token.scope == "payments:admin extra"
    with pytest.raises(PowensAuthError) as refusal:
        await app.with_options(access_token=token.token).users.me()
    assert (refusal.value.status_code, refusal.value.error_code) == (403, "forbidden")


async def test_wrong_credentials_are_refused(app):
    with pytest.raises(PowensAuthError) as refusal:
        await app.auth.init_user(client_secret="wr0ng")
    assert refusal.value.error_code is PowensErrorCode.UNAUTHORIZED
    assert "wr0ng" not in str(refusal.value)


# --- Users ---------------------------------------------------------------------------------------


async def test_users_are_listed_with_the_users_token_and_deleted_with_their_own(app, user, powens):
    me = await user.users.me()
    console = app.with_options(access_token=powens.users_token)
    assert me in await console.users.list_all()
    assert [each.id for each in await console.users.list(limit=1).to_list()] == [
        each.id for each in await console.users.list_all()
    ]
    await user.users.delete(user_id="me")
    assert me not in await console.users.list().to_list()
    with pytest.raises(PowensAuthError):
        await user.users.me()


async def test_the_users_token_is_not_the_token_of_a_user(app, user, powens):
    with pytest.raises(PowensAuthError):
        await user.users.list_all()
    with pytest.raises(PowensAuthError):
        await app.with_options(access_token=powens.users_token).users.me()


async def test_one_client_acts_for_many_users(app):
    tokens = [await app.auth.init_user() for _ in range(3)]
    views = [app.with_options(access_token=token.token) for token in tokens]
    assert [(await view.users.me()).id for view in views] == [token.id_user for token in tokens]


async def test_a_user_reads_nobody_else(user, reader):
    other = await reader.users.me()
    with pytest.raises(PowensAuthError) as refusal:
        await user.users.get(user_id=other.id)
    assert refusal.value.status_code == 403


# --- Connecting a bank ---------------------------------------------------------------------------


async def test_the_fields_of_a_connector_say_what_to_ask(user):
    connectors = await user.connectors.list_all(country_codes=["de"])
    (nordlicht,) = (each for each in connectors if each.name == "Nordlicht Genossenschaft")
    fields = await user.connectors.list_fields(connector_uuid=nordlicht.uuid)
    assert [field.name for field in fields] == ["login", "password", "region"]
    (region,) = (field for field in fields if field.type is ConnectorFieldType.LIST)
    chosen = region.values[0].value
    connection = await user.connections.create(
        connector_uuid=nordlicht.uuid, fields={**ENTERED, "region": chosen}
    )
    assert connection.state is None
    with pytest.raises(PowensBadRequestError):
        await user.connections.create(
            connector_uuid=nordlicht.uuid, fields={**ENTERED, "region": "nowhere"}
        )


async def test_a_plain_bank_is_connected_at_once(user):
    made = await connect(user, "Banque des Alizés", expand="connector,all_accounts")
    assert made.state is made.fields is None
    assert made.connector.name == "Banque des Alizés"
    assert made.all_accounts
    assert all(account.disabled for account in made.all_accounts)
    assert [each.id for each in await user.connections.list().to_list()] == [made.id]
    seen = await user.connections.get(connection_id=made.id)
    assert (seen.id_user, seen.last_update) == ((await user.users.me()).id, made.last_update)


async def test_a_wrong_password_is_refused_and_leaves_nothing_behind(user):
    with pytest.raises(PowensBadRequestError) as refusal:
        await connect(user, "Crédit Lumière", fields={"login": "me", "password": "wrongpass"})
    assert refusal.value.error_code is PowensErrorCode.WRONGPASS
    assert refusal.value.error_message == "Identifiant ou mot de passe incorrect"
    assert refusal.value.error_message not in str(refusal.value)
    assert len(await user.connections.list_all()) == 0


async def test_a_password_that_turns_wrong_is_replaced(user):
    made = await connect(user, "Banque des Alizés")
    with pytest.raises(PowensBadRequestError):
        await user.connections.update(connection_id=made.id, fields={"password": "wrongpass"})
    broken = await user.connections.get(connection_id=made.id)
    assert broken.state is ConnectionState.WRONGPASS
    mended = await user.connections.update(connection_id=made.id, fields=ENTERED)
    assert mended.state is None


async def test_a_bank_asks_for_a_one_time_password_until_it_is_right(user):
    made = await connect(user, "Crédit Lumière")
    assert made.state is ConnectionState.ADDITIONAL_INFORMATION_NEEDED
    (field,) = made.fields
    wrong = await user.connections.update(connection_id=made.id, fields={field.name: "000000"})
    assert wrong.state is ConnectionState.ADDITIONAL_INFORMATION_NEEDED
    assert wrong.error_message == "Code incorrect"
    right = await user.connections.update(connection_id=made.id, fields={field.name: "123456"})
    assert right.state is right.fields is right.error_message is None


async def test_a_validation_in_the_app_of_the_bank_is_waited_for(user):
    made = await connect(user, "Caisse du Phare")
    assert made.state is ConnectionState.DECOUPLED
    done = await user.connections.update(connection_id=made.id, resume=True)
    assert done.state is None


async def test_a_validation_goes_on_in_the_background_until_it_is_settled(user):
    made = await connect(user, "Caisse du Phare")
    answer = await user.connections.update(connection_id=made.id, resume=True, background=True)
    states = [answer.state]
    while states[-1] is ConnectionState.VALIDATING:
        connection = await user.connections.get(connection_id=made.id)
        states.append(connection.state)
    assert states == [ConnectionState.VALIDATING] * 3 + [None]


async def test_a_user_gives_the_consent_on_the_page_of_the_bank(user):
    connectors = await user.connectors.list_all()
    (sirocco,) = (each for each in connectors if each.name == "Banque Sirocco")
    page = await user.connections.webauth_url(
        redirect_uri=BACK, id_connector=sirocco.id, state="a+b/c=="
    )
    async with httpx.AsyncClient(verify=False) as browser:
        answer = await browser.get(page.url)
    back = httpx.URL(answer.headers["location"])
    assert str(back).startswith(f"{BACK}?")
    assert back.params["state"] == "a+b/c=="
    connection = await user.connections.get(connection_id=int(back.params["id_connection"]))
    assert connection.state is None


async def test_a_user_repairs_a_consent_on_the_page_of_the_bank(user):
    made = await connect(user, "Banque Sirocco", fields=None)
    assert made.state is ConnectionState.WEBAUTH_REQUIRED
    page = await user.connections.webauth_url(redirect_uri=BACK, id_connection=made.id)
    async with httpx.AsyncClient(verify=False) as browser:
        await browser.get(page.url)
    assert (await user.connections.get(connection_id=made.id)).state is None
    with pytest.raises(PowensConflictError) as refusal:
        await user.connections.webauth_url(redirect_uri=BACK, id_connection=made.id)
    assert refusal.value.error_code is PowensErrorCode.INVALID_VALUE


async def test_a_browser_is_taken_to_the_bank_with_a_code(user):
    made = await connect(user, "Banque Sirocco", fields=None)
    code = await user.auth.generate_code(type_="singleAccess")
    link = user.connections.webauth_redirect_url(
        redirect_uri=BACK, token=code.code, id_connection=made.id, state="s"
    )
    async with httpx.AsyncClient(verify=False) as browser:
        to_bank = await browser.get(link.url)
        to_app = await browser.get(to_bank.headers["location"])
    assert httpx.URL(to_app.headers["location"]).params["state"] == "s"
    assert (await user.connections.get(connection_id=made.id)).state is None


async def test_strong_authentication_is_answered_with_an_update_without_changes(user):
    made = await connect(user, "Sparhaus Elbtal")
    assert made.state is ConnectionState.SCA_REQUIRED
    done = await user.connections.update(connection_id=made.id)
    assert done.state is None


@pytest.mark.parametrize(
    ("bank", "state"),
    [
        ("Banco Alameda", ConnectionState.ACTION_NEEDED),
        ("Banca Corallo", ConnectionState.WEBSITE_UNAVAILABLE),
        ("Comptoir Tramontane", ConnectionState.RATE_LIMITING),
    ],
)
async def test_what_the_user_cannot_resolve_here_is_over_with_the_next_synchronisation(
    bank, state, user
):
    made = await connect(user, bank)
    assert made.state is state
    assert (await user.connections.sync(connection_id=made.id)).state is None


async def test_an_expired_password_is_replaced_by_a_new_one(user):
    made = await connect(user, "Caja del Almendro")
    assert made.state is ConnectionState.PASSWORD_EXPIRED
    same = await user.connections.update(connection_id=made.id)
    assert same.state is ConnectionState.PASSWORD_EXPIRED
    done = await user.connections.update(connection_id=made.id, fields={"password": "fresh"})
    assert done.state is None


async def test_a_bug_stays_a_bug(user):
    made = await connect(user, "Cassa dei Faraglioni")
    assert made.state is ConnectionState.BUG
    assert (await user.connections.force_sync(connection_id=made.id)).state is ConnectionState.BUG


# --- Living with a connection --------------------------------------------------------------------


async def test_a_second_synchronisation_in_a_row_is_a_conflict(user, powens):
    made = await connect(user, "Banque des Alizés")
    await user.connections.sync(connection_id=made.id)
    with pytest.raises(PowensConflictError) as refusal:
        await user.connections.sync(connection_id=made.id, psu_requested=False)
    assert "Can't force synchronization" in refusal.value.error_description
    powens.advance(60)
    later = await user.connections.sync(connection_id=made.id)
    assert later.last_update > made.last_update


async def test_a_synchronisation_that_answers_with_a_message_gives_the_connection(user):
    made = await connect(user, "Nordlicht Genossenschaft", fields={**ENTERED, "region": "1"})
    synchronised = await user.connections.sync(connection_id=made.id)
    assert synchronised.id == made.id


async def test_a_consent_is_renewed_ahead_of_time(user):
    made = await connect(user, "Banque des Alizés", source="openapi")
    asked = await user.connections.update(connection_id=made.id, refresh_auth=True)
    assert asked.state is ConnectionState.SCA_REQUIRED
    assert (await user.connections.update(connection_id=made.id)).state is None


async def test_a_source_is_added_and_brings_its_accounts(user):
    made = await connect(user, "Banque des Alizés")
    before = await user.accounts.list_all(connection_id=made.id, include_all=True)
    await user.connections.update(connection_id=made.id, source="directaccess")
    after = await user.accounts.list_all(connection_id=made.id, include_all=True)
    assert len(after) > len(before)
    sources = await user.connections.list_sources(connection_id=made.id)
    assert {source.name for source in sources} == {
        ConnectorSourceName.OPENAPI,
        ConnectorSourceName.DIRECTACCESS,
    }


async def test_a_source_is_switched_off_and_on(user):
    made = await connect(user, "Banque des Alizés")
    (source,) = await user.connections.list_sources(connection_id=made.id)
    ids = {"connection_id": made.id, "source_id": source.id}
    off = await user.connections.update_source(**ids, disabled=True)
    assert off.disabled is not None
    assert len(await user.connections.list_sources(connection_id=made.id)) == 0
    assert list(await user.connections.list_sources(connection_id=made.id, include_all=True)) == [
        off
    ]
    with pytest.raises(PowensNotFoundError):
        await user.connections.get_source(**ids)
    assert await user.connections.get_source(**ids, include_all=True) == off
    on = await user.connections.update_source(**ids, disabled=False, include_all=True)
    assert on.disabled is None


async def test_a_connection_is_put_to_rest(user):
    made = await connect(user, "Banque des Alizés")
    expire = dt.datetime(2026, 3, 1, 1, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    rested = await user.connections.update(connection_id=made.id, active=False, expire=expire)
    assert rested.active is False
    assert rested.expire == dt.datetime.fromisoformat("2026-02-28 23:00:00")
    seen = await user.connections.get(connection_id=made.id)
    assert (seen.active, seen.expire) == (False, rested.expire)


async def test_past_synchronisations_are_logged(user):
    made = await connect(user, "Crédit Lumière")
    await user.connections.update(connection_id=made.id, fields={"otp": "123456"})
    logs = await user.connections.list_logs(connection_id=made.id, limit=1).to_list()
    assert [log.error for log in logs] == [None, "additionalInformationNeeded"]
    assert logs[0].timestamp > logs[1].timestamp
    raw = await user.connections.list_logs_raw(connection_id=made.id, limit=1, offset=1)
    assert [log["id"] for log in raw["connectionlogs"]] == [logs[1].id]
    none = user.connections.list_logs(connection_id=made.id, max_date=dt.date(2020, 1, 1))
    assert await none.to_list() == []


async def test_a_deleted_connection_is_gone(user):
    made = await connect(user, "Banque des Alizés")
    assert await user.connections.delete(connection_id=made.id) is None
    with pytest.raises(PowensNotFoundError) as refusal:
        await user.connections.get(connection_id=made.id)
    assert refusal.value.error_code is PowensErrorCode.NOT_FOUND
    assert await user.connections.list().to_list() == []


# --- Accounts ------------------------------------------------------------------------------------


async def test_accounts_arrive_disabled_and_are_enabled_one_by_one(user):
    made = await connect(user, "Banque des Alizés")
    assert len(await user.accounts.list_all(connection_id=made.id)) == 0
    found = await user.accounts.list(connection_id=made.id, include_all=True, limit=3).to_list()
    assert len(found) == 4
    assert found[0].balance is None
    chosen = found[0].id
    with pytest.raises(PowensNotFoundError):
        await user.accounts.get(account_id=chosen)
    with pytest.raises(PowensNotFoundError):
        await user.accounts.update(account_id=chosen, disabled=False)
    enabled = await user.accounts.update(account_id=chosen, disabled=False, include_all=True)
    assert enabled.disabled is None
    assert isinstance(enabled.balance, Decimal)
    assert await user.accounts.get(account_id=chosen) == enabled
    assert list(await user.accounts.list_all()) == [enabled]


async def test_balances_are_summed_by_currency(user):
    await connect_with_accounts(user)
    accounts = await user.accounts.list_all()
    sums = {}
    for account in accounts:
        sums[account.currency.id] = sums.get(account.currency.id, Decimal(0)) + account.balance
    assert set(sums) == {"EUR", "USD"}
    assert accounts.balances == sums


async def test_an_account_is_renamed_and_only_that(user):
    await connect_with_accounts(user)
    before = (await user.accounts.list_all()).accounts[0]
    after = await user.accounts.update(account_id=before.id, name="Été", bookmarked=True)
    assert (after.name, after.bookmarked) == ("Été", True)
    assert (after.balance, after.display, after.usage) == (
        before.balance,
        before.display,
        before.usage,
    )
    seen = await user.accounts.get(account_id=before.id, expand="connection[connector]")
    assert seen.name == "Été"
    assert seen.connection.connector.name == "Banque des Alizés"


async def test_disabling_an_account_hides_its_transactions(user):
    await connect_with_accounts(user)
    account, *_ = await user.accounts.list_all()
    mine = await user.transactions.list(account_id=account.id).to_list()
    assert mine
    disabled = await user.accounts.update(account_id=account.id, disabled=True)
    assert disabled.disabled is not None
    left = await user.transactions.list().to_list()
    assert left
    assert not {row.id for row in left} & {row.id for row in mine}
    with pytest.raises(PowensNotFoundError):
        await user.transactions.get(transaction_id=mine[0].id)


async def test_types_and_currencies_are_known_without_a_token(app, reader):
    types = await app.account_types.list().to_list()
    assert await app.account_types.get(type_id=types[0].id) == types[0]
    assert list(await app.account_types.list_all()) == types
    currencies = {currency.id: currency for currency in await app.currencies.list_all()}
    assert currencies["EUR"].symbol == "€"
    assert await app.currencies.list().to_list() == list(currencies.values())
    accounts = await reader.accounts.list_all()
    assert {account.id_type for account in accounts} <= {each.id for each in types}


async def test_a_user_who_has_no_account_is_told_so(user):
    with pytest.raises(PowensConflictError) as refusal:
        await user.transactions.list().to_list()
    assert refusal.value.error_code is PowensErrorCode.NO_ACCOUNT


# --- Transactions --------------------------------------------------------------------------------

FILTERS = {
    "credits": ({"income": True}, lambda row: amount_of(row) > 0),
    "debits": ({"income": False}, lambda row: amount_of(row) < 0),
    "from a day on": ({"min_date": DAY}, lambda row: row.application_date >= DAY),
    "until a year": ({"max_date": "2025"}, lambda row: row.application_date < DAY),
    "in a month": (
        {"min_date": "2025-12", "max_date": "2025-12"},
        lambda row: str(row.application_date).startswith("2025-12"),
    ),
    "by another date": (
        {"filter": TransactionDateFilter.DATE, "min_date": "2026-01-05", "max_date": "2026-01-10"},
        lambda row: dt.date(2026, 1, 5) <= row.date <= dt.date(2026, 1, 10),
    ),
    "with a word": ({"wording": "LOYER"}, lambda row: "loyer" in row.wording.lower()),
    "between amounts": (
        {"min_value": Decimal("-20.00"), "max_value": -10},
        lambda row: row.value is not None and -20 <= row.value <= -10,
    ),
    "up to an amount": (
        {"max_value": "-1000"},
        lambda row: row.value is not None and row.value <= -1000,
    ),
    "changed lately": ({"last_update": LATELY}, lambda row: row.last_update > LATELY),
}


def amount_of(row):
    """The amount that there is: at times only the gross one is known."""
    return row.gross_value if row.value is None else row.value


@pytest.mark.parametrize("which", FILTERS)
async def test_a_filter_keeps_what_it_says_and_nothing_else(which, reader):
    filters, wanted = FILTERS[which]
    rows = await reader.transactions.list().to_list()
    expected = [row for row in rows if wanted(row)]
    assert 0 < len(expected) < len(rows)
    assert await reader.transactions.list(**filters).to_list() == expected


async def test_amounts_are_found_with_and_without_regard_to_the_sign(reader):
    rows = await reader.transactions.list().to_list()
    amount = rows[0].value
    same = [row for row in rows if row.value == amount]
    assert await reader.transactions.list(value=amount).to_list() == same
    either = [row for row in rows if row.value in {amount, -amount}]
    assert await reader.transactions.list(value=f"±{abs(amount)}").to_list() == either
    both = f"{amount}|{-amount}"
    assert await reader.transactions.list(value=both).to_list() == either


async def test_a_search_looks_at_the_categories_too(reader):
    rows = await reader.transactions.list(expand="categories").to_list()
    code = rows[0].categories[0].code
    found = await reader.transactions.list(search=code, expand="categories").to_list()
    assert 0 < len(found) < len(rows)
    assert any(code in (category.code for category in row.categories) for row in found)


async def test_transactions_are_those_of_an_account_or_a_connection(reader):
    rows = await reader.transactions.list().to_list()
    for account in await reader.accounts.list_all():
        mine = await reader.transactions.list(account_id=account.id).to_list()
        assert mine == [row for row in rows if row.id_account == account.id]
    (connection,) = await reader.connections.list_all()
    assert await reader.transactions.list(connection_id=connection.id).to_list() == rows


async def test_deleted_transactions_are_listed_on_request(reader):
    rows = await reader.transactions.list().to_list()
    everything = await reader.transactions.list(include_all=True).to_list()
    gone = await reader.transactions.list(deleted=True).to_list()
    assert gone
    assert not any(row.deleted for row in rows)
    assert all(row.deleted for row in gone)
    assert {row.id for row in everything} == {row.id for row in [*rows, *gone]}
    with pytest.raises(PowensNotFoundError):
        await reader.transactions.get(transaction_id=gone[0].id)
    found = await reader.transactions.get(transaction_id=gone[0].id, include_all=True)
    assert found == gone[0]


async def test_a_listing_comes_in_pages(reader, faulty):
    rows = await reader.transactions.list().to_list()
    faulty.clear_requests()
    pages = [page async for page in reader.transactions.list(limit=150).by_page()]
    assert [len(page) for page in pages] == [150, 150, 100]
    assert [row for page in pages for row in page] == rows
    assert {page.total for page in pages} == {400}
    assert len(faulty.requests) == 3
    assert pages[0].links.prev is pages[-1].links.next is pages[-1].next_cursor is None
    assert pages[0].links.next.href.startswith(faulty.base_url)


async def test_no_more_is_asked_for_than_needed(reader, faulty):
    items = await reader.transactions.list(limit=10).to_list(max_items=20)
    assert len(items) == 20
    assert [request.query.partition("&")[0] for request in faulty.requests] == ["limit=10"] * 2
    first = await reader.transactions.list(limit=10).first_page()
    assert list(first) == items[:10]
    assert len(faulty.requests) == 3


async def test_another_client_resumes_where_one_stopped(reader, powens, client_of):
    filters = {"income": False, "min_date": "2025", "limit": 40}
    rows = await reader.transactions.list(**filters).to_list()
    first = await reader.transactions.list(**filters).first_page()
    async with client_of(powens, powens.access_token) as other:
        rest = await other.transactions.list(cursor=first.next_cursor).to_list()
        second = await other.transactions.list_page(cursor=first.next_cursor)
    assert [*first, *rest] == rows
    assert list(second) == rest[:40]


async def test_a_listing_keeps_the_token_it_was_made_with(app, powens, client_of):
    token = await app.auth.init_user()
    async with client_of(powens, powens.access_token) as client:
        pager = client.transactions.list(limit=200)
        client.set_access_token(token.token)
        assert len(await pager.to_list()) == 400
        assert (await client.users.me()).id == token.id_user


async def test_a_page_says_from_when_to_when_there_are_transactions(reader):
    page = await reader.transactions.list_page(limit=5, min_date=DAY, max_date="2026-01-15")
    rows = await reader.transactions.list(include_all=True).to_list()
    assert len(page) == 5
    assert (page.first_date, page.last_date) == (
        min(row.date for row in rows),
        max(row.date for row in rows),
    )
    assert page.first_date < page.result_min_date <= page.result_max_date < page.last_date


async def test_a_transaction_is_edited_and_only_what_is_given(user):
    await connect_with_accounts(user)
    first = await user.transactions.list().first_page()
    before = first.items[0]
    after = await user.transactions.update(
        transaction_id=before.id,
        wording="Café & co",
        application_date=DAY,
        categories=[Category(code="food", parent_code=None)],
        comment="mine",
        active=False,
        id_category=12,
        expand="categories",
    )
    assert (after.wording, after.comment, after.active) == ("Café & co", "mine", False)
    assert (after.application_date, after.id_category) == (DAY, 12)
    assert after.categories == (Category(code="food"),)
    assert (after.value, after.date, after.original_wording) == (
        before.value,
        before.date,
        before.original_wording,
    )
    cleared = await user.transactions.update(transaction_id=before.id, comment=None)
    assert cleared.comment is None
    assert cleared.wording == "Café & co"


async def test_what_changed_lately_is_asked_for_by_time(user):
    await connect_with_accounts(user)
    first = await user.transactions.list().first_page()
    edited = await user.transactions.update(transaction_id=first.items[7].id, comment="new")
    since = edited.last_update - dt.timedelta(seconds=1)
    assert await user.transactions.list(last_update=since).to_list() == [edited]


async def test_relations_come_with_a_transaction_when_asked_for(reader):
    plain = (await reader.transactions.list().first_page()).items[0]
    assert plain.account is plain.categories is plain.attachments is None
    full = await reader.transactions.get(
        transaction_id=plain.id, expand=["account[connection]", "categories", "attachments"]
    )
    assert full.account.id == plain.id_account
    assert full.account.connection.state is None
    assert full.categories
    assert full.attachments is not None


async def test_attachments_of_a_transaction_are_listed(reader):
    rows = await reader.transactions.list(expand="attachments").to_list()
    (row, *_) = (row for row in rows if row.attachments)
    found = await reader.transactions.list_attachments(transaction_id=row.id)
    assert found.attachments == row.attachments
    assert found.attachments[0].mime_type == "application/pdf"
    (bare, *_) = (row for row in rows if not row.attachments)
    assert len(await reader.transactions.list_attachments(transaction_id=bare.id)) == 0


async def test_amounts_have_the_digits_of_the_wire(reader):
    answer = await reader.request("GET", "/users/me/transactions", params={"limit": 1000})
    sent = json.loads(answer.content, parse_float=str)["transactions"]
    rows = await reader.transactions.list().to_list()
    digits = [str(row.value) for row in rows if row.value is not None]
    assert digits == [row["value"] for row in sent if row["value"] is not None]


# --- Connectors ----------------------------------------------------------------------------------


async def test_connectors_are_listed_by_country_with_their_relations(app):
    italian = await app.connectors.list(country_codes="it", expand="countries,sources").to_list()
    assert [each.name for each in italian] == ["Banca Corallo", "Cassa dei Faraglioni"]
    assert {country.id for each in italian for country in each.countries} == {"it"}
    first = italian[0]
    sources = await app.connectors.list_sources(connector_uuid=first.uuid)
    assert sources.sources == first.sources
    source = await app.connectors.get_source(
        connector_uuid=first.id, source_id=sources.sources[0].id
    )
    assert source == sources.sources[0]
    by_number = await app.connectors.get(connector_uuid=first.id, expand="countries,sources")
    assert by_number == first


async def test_a_connector_is_hidden_for_the_domain_with_the_config_token(own_powens, client_of):
    async with client_of(own_powens) as app:
        console = app.with_options(access_token=own_powens.config_token)
        before = await app.connectors.list_all()
        hidden = await console.connectors.update(
            connector_uuid=before.connectors[0].uuid, hidden=True, sync_periodicity=Decimal("0.5")
        )
        assert (hidden.hidden, hidden.sync_periodicity) == (True, Decimal("0.5"))
        assert hidden.id not in [each.id for each in await app.connectors.list_all()]
        assert (await app.connectors.get(connector_uuid=hidden.uuid)).hidden is True
        changed = await console.connectors.batch_update(body={hidden.uuid: {"hidden": False}})
        assert [each.hidden for each in changed] == [False]
        after = await app.connectors.list_all()
        assert [each.id for each in after] == [each.id for each in before]


async def test_a_source_is_taken_out_of_use_for_the_domain(own_powens, client_of):
    async with client_of(own_powens) as app:
        console = app.with_options(access_token=own_powens.config_token)
        (connector, *_) = await app.connectors.list_all(expand="sources")
        ids = {"connector_uuid": connector.uuid, "source_id": connector.sources[0].id}
        moment = dt.datetime.fromisoformat("2026-01-31 10:00:00")
        off = await console.connectors.update_source(**ids, disabled=moment)
        assert off.disabled == moment
        same = await console.connectors.update_source(**ids, auth_mechanism="webauth")
        assert (same.disabled, same.auth_mechanism) == (moment, "webauth")
        on = await console.connectors.update_source(**ids, disabled=None)
        assert on.disabled is None


async def test_a_user_changes_no_connector(user):
    with pytest.raises(PowensAuthError) as refusal:
        await user.connectors.update(connector_uuid=1, hidden=True)
    assert refusal.value.status_code == 403


# --- When things go wrong ------------------------------------------------------------------------


async def test_a_service_that_is_down_for_a_moment_is_asked_again(reader, faulty):
    faulty.add_fault(Fault(status=503, times=2))
    assert (await reader.users.me()).id == faulty.user_id
    assert [request.status for request in faulty.requests] == [503, 503, 200]


async def test_a_service_that_stays_down_is_given_up(reader, faulty):
    faulty.add_fault(Fault(status=503, times=None))
    with pytest.raises(PowensServiceUnavailableError) as refusal:
        await reader.users.me()
    assert refusal.value.error_code is PowensErrorCode.WEBSITE_UNAVAILABLE
    assert len(faulty.requests) == 3


async def test_what_could_happen_twice_is_not_tried_twice(app, faulty):
    fault = faulty.add_fault(Fault(status=503, times=None))
    with pytest.raises(PowensServiceUnavailableError):
        await app.auth.init_user()
    assert fault.used == len(faulty.requests) == 1


async def test_a_fault_of_the_service_is_not_tried_again(reader, faulty):
    faulty.add_fault(Fault(status=500))
    with pytest.raises(PowensServerError) as refusal:
        await reader.users.me()
    assert refusal.value.status_code == 500
    assert len(faulty.requests) == 1


async def test_too_many_calls_say_how_long_to_wait(reader, faulty):
    faulty.add_fault(Fault(status=429, headers={"Retry-After": "30"}, times=None))
    with pytest.raises(PowensRateLimitError) as refusal:
        await reader.users.me()
    assert refusal.value.retry_after == 30
    assert len(faulty.requests) == 3


async def test_a_page_of_html_in_place_of_an_answer_is_an_error_all_the_same(reader, faulty):
    faulty.add_fault(Fault(status=502, body="<html>Bad gateway</html>", times=None))
    with pytest.raises(PowensServerError) as refusal:
        await reader.users.me()
    assert refusal.value.error_code is None
    assert refusal.value.response_body == "<html>Bad gateway</html>"


@pytest.mark.parametrize("cut", ["before", "body"])
async def test_a_cut_connection_is_made_anew_to_read(cut, reader, faulty):
    fault = faulty.add_fault(Fault(cut=cut))
    assert (await reader.users.me()).id == faulty.user_id
    assert fault.used == 1
    assert len(faulty.requests) == 2


@pytest.mark.parametrize("cut", ["before", "body"])
async def test_a_cut_connection_is_not_made_anew_to_create(cut, app, faulty):
    faulty.add_fault(Fault(cut=cut))
    with pytest.raises(PowensConnectionError) as failure:
        await app.auth.init_user()
    assert isinstance(failure.value.__cause__, httpx.TransportError)
    assert len(faulty.requests) == 1


async def test_a_malformed_answer_says_which_model_it_was_for(reader, faulty):
    faulty.add_fault(Fault(malformed=True))
    with pytest.raises(PowensSerializationError, match="User: the answer is not valid JSON"):
        await reader.users.me()
    assert len(faulty.requests) == 1


async def test_a_late_answer_is_not_waited_for(reader, faulty):
    faulty.add_fault(Fault(delay=30, times=None))
    hasty = reader.with_options(timeout=0.05, retry_policy=RetryPolicy(max_attempts=1))
    with pytest.raises(PowensTimeoutError):
        await hasty.users.me()


async def test_a_deadline_ends_a_call_with_all_its_attempts(reader, faulty):
    faulty.add_fault(Fault(delay=30, times=None))
    patient = RetryPolicy(max_attempts=100, base_delay=0, jitter=0)
    hasty = reader.with_options(timeout=0.04, deadline=0.1, retry_policy=patient)
    with pytest.raises(PowensTimeoutError):
        await hasty.users.me()
    assert len(faulty.requests) < 20


async def test_a_page_that_failed_is_asked_for_again_by_the_same_walk(reader, faulty):
    rows = await reader.transactions.list().to_list()
    faulty.add_fault(Fault(path="/users/me/transactions", status=500, skip=1))
    pages = reader.transactions.list(limit=150).by_page()
    walked = list(await pages.__anext__())
    with pytest.raises(PowensServerError):
        await pages.__anext__()
    async for page in pages:
        walked.extend(page)
    assert walked == rows
