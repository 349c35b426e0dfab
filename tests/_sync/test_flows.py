# Generated from tests/_async/test_flows.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

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
    AuthScope,
    Category,
    ConnectionState,
    ConnectorFieldType,
    ConnectorSourceName,
    PowensAuthError,
    PowensBadRequestError,
    PowensClient,
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
        return PowensClient(
            base_url=powens.base_url,
            access_token=token,
            client_id=powens.client_id,
            client_secret=powens.client_secret,
            retry_policy=IMPATIENT,
        )

    return make


@pytest.fixture
def app(powens, client_of):
    """The client of the application, without a token."""
    with client_of(powens) as client:
        yield client


@pytest.fixture
def user(app):
    """The client as a new user."""
    token = app.auth.init_user()
    return app.with_options(access_token=token.token)


@pytest.fixture
def reader(app, powens):
    """The client as the ready-made user, who has 400 transactions; for reading only."""
    return app.with_options(access_token=powens.access_token)


def connect(client, bank, **more):
    """Connect a bank by its name."""
    connectors = client.connectors.list_all()
    (uuid,) = (connector.uuid for connector in connectors if connector.name == bank)
    more.setdefault("fields", ENTERED)
    return client.connections.create(connector_uuid=uuid, **more)


def connect_with_accounts(client, **more):
    """Connect a bank that answers at once, and enable all accounts of it."""
    connection = connect(client, "Banque des Alizés", **more)
    accounts = client.accounts.list_all(include_all=True)
    for account in accounts:
        client.accounts.update(account_id=account.id, disabled=False, include_all=True)
    return connection


# --- Tokens --------------------------------------------------------------------------------------


def test_a_user_made_with_credentials_is_permanent(app, powens):
    token = app.auth.init_user()
    assert token.type == "permanent"
    assert token.expires_in is None
    powens.advance(3600)
    me = app.with_options(access_token=token.token).users.me()
    assert me.id == token.id_user


def test_a_user_made_without_credentials_ends_with_its_token(app, powens):
    token = app.auth.init_user(client_id=None, client_secret=None)
    assert (token.type, token.expires_in) == ("temporary", 1800)
    user = app.with_options(access_token=token.token)
    assert (user.users.me()).id == token.id_user
    powens.advance(1801)
    with pytest.raises(PowensAuthError) as refusal:
        user.users.me()
    assert (refusal.value.status_code, refusal.value.error_code) == (401, "unauthorized")
    assert refusal.value.request_id


def test_a_temporary_user_stays_once_its_token_is_exchanged(app, powens):
    temporary = app.auth.init_user(client_id=None, client_secret=None)
    permanent = app.auth.exchange_code(code=temporary.token)
    powens.advance(1801)
    me = app.with_options(access_token=permanent.token).users.me()
    assert me.id == temporary.id_user


def test_a_code_is_exchanged_for_a_token_once(app, user):
    code = user.auth.generate_code()
    assert code.access == "standard"
    token = app.auth.exchange_code(code=code.code)
    other = app.with_options(access_token=token.token)
    assert other.users.me() == user.users.me()
    with pytest.raises(PowensAuthError):
        app.auth.exchange_code(code=code.code)


def test_a_code_for_single_access_opens_one_call(app, user):
    code = user.auth.generate_code(type_="singleAccess")
    assert code.access == "single"
    guest = app.with_options(access_token=code.code)
    assert guest.users.me() == user.users.me()
    with pytest.raises(PowensAuthError):
        guest.users.me()


def test_a_lost_token_is_renewed(app, user):
    me = user.users.me()
    renewed = app.auth.renew_token(id_user=me.id)
    other = app.with_options(access_token=renewed.token)
    assert other.users.me() == user.users.me() == me


def test_renewing_can_revoke_all_tokens_there_were(app, user):
    me = user.users.me()
    renewed = app.auth.renew_token(id_user=me.id, revoke_previous=True)
    with pytest.raises(PowensAuthError):
        user.users.me()
    assert app.with_options(access_token=renewed.token).users.me() == me


def test_the_token_of_nobody_is_not_renewed(app):
    with pytest.raises(PowensNotFoundError):
        app.auth.renew_token(id_user=999_999)


def test_a_revoked_token_opens_nothing(user):
    assert user.auth.revoke_token() is None
    with pytest.raises(PowensAuthError):
        user.users.me()
    with pytest.raises(PowensAuthError):
        user.auth.revoke_token()


def test_a_service_token_belongs_to_no_user(app):
    token = app.auth.generate_service_token(scope=[AuthScope.PAYMENTS_ADMIN, "extra"])
    assert token.scope == "payments:admin extra"
    with pytest.raises(PowensAuthError) as refusal:
        app.with_options(access_token=token.token).users.me()
    assert (refusal.value.status_code, refusal.value.error_code) == (403, "forbidden")


def test_wrong_credentials_are_refused(app):
    with pytest.raises(PowensAuthError) as refusal:
        app.auth.init_user(client_secret="wr0ng")
    assert refusal.value.error_code is PowensErrorCode.UNAUTHORIZED
    assert "wr0ng" not in str(refusal.value)


# --- Users ---------------------------------------------------------------------------------------


def test_users_are_listed_with_the_users_token_and_deleted_with_their_own(app, user, powens):
    me = user.users.me()
    console = app.with_options(access_token=powens.users_token)
    assert me in console.users.list_all()
    assert [each.id for each in console.users.list(limit=1).to_list()] == [
        each.id for each in console.users.list_all()
    ]
    user.users.delete(user_id="me")
    assert me not in console.users.list().to_list()
    with pytest.raises(PowensAuthError):
        user.users.me()


def test_the_users_token_is_not_the_token_of_a_user(app, user, powens):
    with pytest.raises(PowensAuthError):
        user.users.list_all()
    with pytest.raises(PowensAuthError):
        app.with_options(access_token=powens.users_token).users.me()


def test_one_client_acts_for_many_users(app):
    tokens = [app.auth.init_user() for _ in range(3)]
    views = [app.with_options(access_token=token.token) for token in tokens]
    assert [(view.users.me()).id for view in views] == [token.id_user for token in tokens]


def test_a_user_reads_nobody_else(user, reader):
    other = reader.users.me()
    with pytest.raises(PowensAuthError) as refusal:
        user.users.get(user_id=other.id)
    assert refusal.value.status_code == 403


# --- Connecting a bank ---------------------------------------------------------------------------


def test_the_fields_of_a_connector_say_what_to_ask(user):
    connectors = user.connectors.list_all(country_codes=["de"])
    (nordlicht,) = (each for each in connectors if each.name == "Nordlicht Genossenschaft")
    fields = user.connectors.list_fields(connector_uuid=nordlicht.uuid)
    assert [field.name for field in fields] == ["login", "password", "region"]
    (region,) = (field for field in fields if field.type is ConnectorFieldType.LIST)
    chosen = region.values[0].value
    connection = user.connections.create(
        connector_uuid=nordlicht.uuid, fields={**ENTERED, "region": chosen}
    )
    assert connection.state is None
    with pytest.raises(PowensBadRequestError):
        user.connections.create(
            connector_uuid=nordlicht.uuid, fields={**ENTERED, "region": "nowhere"}
        )


def test_a_plain_bank_is_connected_at_once(user):
    made = connect(user, "Banque des Alizés", expand="connector,all_accounts")
    assert made.state is made.fields is None
    assert made.connector.name == "Banque des Alizés"
    assert made.all_accounts
    assert all(account.disabled for account in made.all_accounts)
    assert [each.id for each in user.connections.list().to_list()] == [made.id]
    seen = user.connections.get(connection_id=made.id)
    assert (seen.id_user, seen.last_update) == ((user.users.me()).id, made.last_update)


def test_a_wrong_password_is_refused_and_leaves_nothing_behind(user):
    with pytest.raises(PowensBadRequestError) as refusal:
        connect(user, "Crédit Lumière", fields={"login": "me", "password": "wrongpass"})
    assert refusal.value.error_code is PowensErrorCode.WRONGPASS
    assert refusal.value.error_message == "Identifiant ou mot de passe incorrect"
    assert refusal.value.error_message not in str(refusal.value)
    assert len(user.connections.list_all()) == 0


def test_a_password_that_turns_wrong_is_replaced(user):
    made = connect(user, "Banque des Alizés")
    with pytest.raises(PowensBadRequestError):
        user.connections.update(connection_id=made.id, fields={"password": "wrongpass"})
    broken = user.connections.get(connection_id=made.id)
    assert broken.state is ConnectionState.WRONGPASS
    mended = user.connections.update(connection_id=made.id, fields=ENTERED)
    assert mended.state is None


def test_a_bank_asks_for_a_one_time_password_until_it_is_right(user):
    made = connect(user, "Crédit Lumière")
    assert made.state is ConnectionState.ADDITIONAL_INFORMATION_NEEDED
    (field,) = made.fields
    wrong = user.connections.update(connection_id=made.id, fields={field.name: "000000"})
    assert wrong.state is ConnectionState.ADDITIONAL_INFORMATION_NEEDED
    assert wrong.error_message == "Code incorrect"
    right = user.connections.update(connection_id=made.id, fields={field.name: "123456"})
    assert right.state is right.fields is right.error_message is None


def test_a_validation_in_the_app_of_the_bank_is_waited_for(user):
    made = connect(user, "Caisse du Phare")
    assert made.state is ConnectionState.DECOUPLED
    done = user.connections.update(connection_id=made.id, resume=True)
    assert done.state is None


def test_a_validation_goes_on_in_the_background_until_it_is_settled(user):
    made = connect(user, "Caisse du Phare")
    answer = user.connections.update(connection_id=made.id, resume=True, background=True)
    states = [answer.state]
    while states[-1] is ConnectionState.VALIDATING:
        connection = user.connections.get(connection_id=made.id)
        states.append(connection.state)
    assert states == [ConnectionState.VALIDATING] * 3 + [None]


def test_a_user_gives_the_consent_on_the_page_of_the_bank(user):
    connectors = user.connectors.list_all()
    (sirocco,) = (each for each in connectors if each.name == "Banque Sirocco")
    page = user.connections.webauth_url(redirect_uri=BACK, id_connector=sirocco.id, state="a+b/c==")
    with httpx.Client(verify=False) as browser:
        answer = browser.get(page.url)
    back = httpx.URL(answer.headers["location"])
    assert str(back).startswith(f"{BACK}?")
    assert back.params["state"] == "a+b/c=="
    connection = user.connections.get(connection_id=int(back.params["id_connection"]))
    assert connection.state is None


def test_a_user_repairs_a_consent_on_the_page_of_the_bank(user):
    made = connect(user, "Banque Sirocco", fields=None)
    assert made.state is ConnectionState.WEBAUTH_REQUIRED
    page = user.connections.webauth_url(redirect_uri=BACK, id_connection=made.id)
    with httpx.Client(verify=False) as browser:
        browser.get(page.url)
    assert (user.connections.get(connection_id=made.id)).state is None
    with pytest.raises(PowensConflictError) as refusal:
        user.connections.webauth_url(redirect_uri=BACK, id_connection=made.id)
    assert refusal.value.error_code is PowensErrorCode.INVALID_VALUE


def test_a_browser_is_taken_to_the_bank_with_a_code(user):
    made = connect(user, "Banque Sirocco", fields=None)
    code = user.auth.generate_code(type_="singleAccess")
    link = user.connections.webauth_redirect_url(
        redirect_uri=BACK, token=code.code, id_connection=made.id, state="s"
    )
    with httpx.Client(verify=False) as browser:
        to_bank = browser.get(link.url)
        to_app = browser.get(to_bank.headers["location"])
    assert httpx.URL(to_app.headers["location"]).params["state"] == "s"
    assert (user.connections.get(connection_id=made.id)).state is None


def test_strong_authentication_is_answered_with_an_update_without_changes(user):
    made = connect(user, "Sparhaus Elbtal")
    assert made.state is ConnectionState.SCA_REQUIRED
    done = user.connections.update(connection_id=made.id)
    assert done.state is None


@pytest.mark.parametrize(
    ("bank", "state"),
    [
        ("Banco Alameda", ConnectionState.ACTION_NEEDED),
        ("Banca Corallo", ConnectionState.WEBSITE_UNAVAILABLE),
        ("Comptoir Tramontane", ConnectionState.RATE_LIMITING),
    ],
)
def test_what_the_user_cannot_resolve_here_is_over_with_the_next_synchronisation(bank, state, user):
    made = connect(user, bank)
    assert made.state is state
    assert (user.connections.sync(connection_id=made.id)).state is None


def test_an_expired_password_is_replaced_by_a_new_one(user):
    made = connect(user, "Caja del Almendro")
    assert made.state is ConnectionState.PASSWORD_EXPIRED
    same = user.connections.update(connection_id=made.id)
    assert same.state is ConnectionState.PASSWORD_EXPIRED
    done = user.connections.update(connection_id=made.id, fields={"password": "fresh"})
    assert done.state is None


def test_a_bug_stays_a_bug(user):
    made = connect(user, "Cassa dei Faraglioni")
    assert made.state is ConnectionState.BUG
    assert (user.connections.force_sync(connection_id=made.id)).state is ConnectionState.BUG


# --- Living with a connection --------------------------------------------------------------------


def test_a_second_synchronisation_in_a_row_is_a_conflict(user, powens):
    made = connect(user, "Banque des Alizés")
    user.connections.sync(connection_id=made.id)
    with pytest.raises(PowensConflictError) as refusal:
        user.connections.sync(connection_id=made.id, psu_requested=False)
    assert "Can't force synchronization" in refusal.value.error_description
    powens.advance(60)
    later = user.connections.sync(connection_id=made.id)
    assert later.last_update > made.last_update


def test_a_synchronisation_that_answers_with_a_message_gives_the_connection(user):
    made = connect(user, "Nordlicht Genossenschaft", fields={**ENTERED, "region": "1"})
    synchronised = user.connections.sync(connection_id=made.id)
    assert synchronised.id == made.id


def test_a_consent_is_renewed_ahead_of_time(user):
    made = connect(user, "Banque des Alizés", source="openapi")
    asked = user.connections.update(connection_id=made.id, refresh_auth=True)
    assert asked.state is ConnectionState.SCA_REQUIRED
    assert (user.connections.update(connection_id=made.id)).state is None


def test_a_source_is_added_and_brings_its_accounts(user):
    made = connect(user, "Banque des Alizés")
    before = user.accounts.list_all(connection_id=made.id, include_all=True)
    user.connections.update(connection_id=made.id, source="directaccess")
    after = user.accounts.list_all(connection_id=made.id, include_all=True)
    assert len(after) > len(before)
    sources = user.connections.list_sources(connection_id=made.id)
    assert {source.name for source in sources} == {
        ConnectorSourceName.OPENAPI,
        ConnectorSourceName.DIRECTACCESS,
    }


def test_a_source_is_switched_off_and_on(user):
    made = connect(user, "Banque des Alizés")
    (source,) = user.connections.list_sources(connection_id=made.id)
    ids = {"connection_id": made.id, "source_id": source.id}
    off = user.connections.update_source(**ids, disabled=True)
    assert off.disabled is not None
    assert len(user.connections.list_sources(connection_id=made.id)) == 0
    assert list(user.connections.list_sources(connection_id=made.id, include_all=True)) == [off]
    with pytest.raises(PowensNotFoundError):
        user.connections.get_source(**ids)
    assert user.connections.get_source(**ids, include_all=True) == off
    on = user.connections.update_source(**ids, disabled=False, include_all=True)
    assert on.disabled is None


def test_a_connection_is_put_to_rest(user):
    made = connect(user, "Banque des Alizés")
    expire = dt.datetime(2026, 3, 1, 1, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    rested = user.connections.update(connection_id=made.id, active=False, expire=expire)
    assert rested.active is False
    assert rested.expire == dt.datetime.fromisoformat("2026-02-28 23:00:00")
    seen = user.connections.get(connection_id=made.id)
    assert (seen.active, seen.expire) == (False, rested.expire)


def test_past_synchronisations_are_logged(user):
    made = connect(user, "Crédit Lumière")
    user.connections.update(connection_id=made.id, fields={"otp": "123456"})
    logs = user.connections.list_logs(connection_id=made.id, limit=1).to_list()
    assert [log.error for log in logs] == [None, "additionalInformationNeeded"]
    assert logs[0].timestamp > logs[1].timestamp
    raw = user.connections.list_logs_raw(connection_id=made.id, limit=1, offset=1)
    assert [log["id"] for log in raw["connectionlogs"]] == [logs[1].id]
    none = user.connections.list_logs(connection_id=made.id, max_date=dt.date(2020, 1, 1))
    assert none.to_list() == []


def test_a_deleted_connection_is_gone(user):
    made = connect(user, "Banque des Alizés")
    assert user.connections.delete(connection_id=made.id) is None
    with pytest.raises(PowensNotFoundError) as refusal:
        user.connections.get(connection_id=made.id)
    assert refusal.value.error_code is PowensErrorCode.NOT_FOUND
    assert user.connections.list().to_list() == []


# --- Accounts ------------------------------------------------------------------------------------


def test_accounts_arrive_disabled_and_are_enabled_one_by_one(user):
    made = connect(user, "Banque des Alizés")
    assert len(user.accounts.list_all(connection_id=made.id)) == 0
    found = user.accounts.list(connection_id=made.id, include_all=True, limit=3).to_list()
    assert len(found) == 4
    assert found[0].balance is None
    chosen = found[0].id
    with pytest.raises(PowensNotFoundError):
        user.accounts.get(account_id=chosen)
    with pytest.raises(PowensNotFoundError):
        user.accounts.update(account_id=chosen, disabled=False)
    enabled = user.accounts.update(account_id=chosen, disabled=False, include_all=True)
    assert enabled.disabled is None
    assert isinstance(enabled.balance, Decimal)
    assert user.accounts.get(account_id=chosen) == enabled
    assert list(user.accounts.list_all()) == [enabled]


def test_balances_are_summed_by_currency(user):
    connect_with_accounts(user)
    accounts = user.accounts.list_all()
    sums = {}
    for account in accounts:
        sums[account.currency.id] = sums.get(account.currency.id, Decimal(0)) + account.balance
    assert set(sums) == {"EUR", "USD"}
    assert accounts.balances == sums


def test_an_account_is_renamed_and_only_that(user):
    connect_with_accounts(user)
    before = (user.accounts.list_all()).accounts[0]
    after = user.accounts.update(account_id=before.id, name="Été", bookmarked=True)
    assert (after.name, after.bookmarked) == ("Été", True)
    assert (after.balance, after.display, after.usage) == (
        before.balance,
        before.display,
        before.usage,
    )
    seen = user.accounts.get(account_id=before.id, expand="connection[connector]")
    assert seen.name == "Été"
    assert seen.connection.connector.name == "Banque des Alizés"


def test_disabling_an_account_hides_its_transactions(user):
    connect_with_accounts(user)
    account, *_ = user.accounts.list_all()
    mine = user.transactions.list(account_id=account.id).to_list()
    assert mine
    disabled = user.accounts.update(account_id=account.id, disabled=True)
    assert disabled.disabled is not None
    left = user.transactions.list().to_list()
    assert left
    assert not {row.id for row in left} & {row.id for row in mine}
    with pytest.raises(PowensNotFoundError):
        user.transactions.get(transaction_id=mine[0].id)


def test_types_and_currencies_are_known_without_a_token(app, reader):
    types = app.account_types.list().to_list()
    assert app.account_types.get(type_id=types[0].id) == types[0]
    assert list(app.account_types.list_all()) == types
    currencies = {currency.id: currency for currency in app.currencies.list_all()}
    assert currencies["EUR"].symbol == "€"
    assert app.currencies.list().to_list() == list(currencies.values())
    accounts = reader.accounts.list_all()
    assert {account.id_type for account in accounts} <= {each.id for each in types}


def test_a_user_who_has_no_account_is_told_so(user):
    with pytest.raises(PowensConflictError) as refusal:
        user.transactions.list().to_list()
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
def test_a_filter_keeps_what_it_says_and_nothing_else(which, reader):
    filters, wanted = FILTERS[which]
    rows = reader.transactions.list().to_list()
    expected = [row for row in rows if wanted(row)]
    assert 0 < len(expected) < len(rows)
    assert reader.transactions.list(**filters).to_list() == expected


def test_amounts_are_found_with_and_without_regard_to_the_sign(reader):
    rows = reader.transactions.list().to_list()
    amount = rows[0].value
    same = [row for row in rows if row.value == amount]
    assert reader.transactions.list(value=amount).to_list() == same
    either = [row for row in rows if row.value in {amount, -amount}]
    assert reader.transactions.list(value=f"±{abs(amount)}").to_list() == either
    both = f"{amount}|{-amount}"
    assert reader.transactions.list(value=both).to_list() == either


def test_a_search_looks_at_the_categories_too(reader):
    rows = reader.transactions.list(expand="categories").to_list()
    code = rows[0].categories[0].code
    found = reader.transactions.list(search=code, expand="categories").to_list()
    assert 0 < len(found) < len(rows)
    assert any(code in (category.code for category in row.categories) for row in found)


def test_transactions_are_those_of_an_account_or_a_connection(reader):
    rows = reader.transactions.list().to_list()
    for account in reader.accounts.list_all():
        mine = reader.transactions.list(account_id=account.id).to_list()
        assert mine == [row for row in rows if row.id_account == account.id]
    (connection,) = reader.connections.list_all()
    assert reader.transactions.list(connection_id=connection.id).to_list() == rows


def test_deleted_transactions_are_listed_on_request(reader):
    rows = reader.transactions.list().to_list()
    everything = reader.transactions.list(include_all=True).to_list()
    gone = reader.transactions.list(deleted=True).to_list()
    assert gone
    assert not any(row.deleted for row in rows)
    assert all(row.deleted for row in gone)
    assert {row.id for row in everything} == {row.id for row in [*rows, *gone]}
    with pytest.raises(PowensNotFoundError):
        reader.transactions.get(transaction_id=gone[0].id)
    found = reader.transactions.get(transaction_id=gone[0].id, include_all=True)
    assert found == gone[0]


def test_a_listing_comes_in_pages(reader, faulty):
    rows = reader.transactions.list().to_list()
    faulty.clear_requests()
    pages = [page for page in reader.transactions.list(limit=150).by_page()]
    assert [len(page) for page in pages] == [150, 150, 100]
    assert [row for page in pages for row in page] == rows
    assert {page.total for page in pages} == {400}
    assert len(faulty.requests) == 3
    assert pages[0].links.prev is pages[-1].links.next is pages[-1].next_cursor is None
    assert pages[0].links.next.href.startswith(faulty.base_url)


def test_no_more_is_asked_for_than_needed(reader, faulty):
    items = reader.transactions.list(limit=10).to_list(max_items=20)
    assert len(items) == 20
    assert [request.query.partition("&")[0] for request in faulty.requests] == ["limit=10"] * 2
    first = reader.transactions.list(limit=10).first_page()
    assert list(first) == items[:10]
    assert len(faulty.requests) == 3


def test_another_client_resumes_where_one_stopped(reader, powens, client_of):
    filters = {"income": False, "min_date": "2025", "limit": 40}
    rows = reader.transactions.list(**filters).to_list()
    first = reader.transactions.list(**filters).first_page()
    with client_of(powens, powens.access_token) as other:
        rest = other.transactions.list(cursor=first.next_cursor).to_list()
        second = other.transactions.list_page(cursor=first.next_cursor)
    assert [*first, *rest] == rows
    assert list(second) == rest[:40]


def test_a_listing_keeps_the_token_it_was_made_with(app, powens, client_of):
    token = app.auth.init_user()
    with client_of(powens, powens.access_token) as client:
        pager = client.transactions.list(limit=200)
        client.set_access_token(token.token)
        assert len(pager.to_list()) == 400
        assert (client.users.me()).id == token.id_user


def test_a_page_says_from_when_to_when_there_are_transactions(reader):
    page = reader.transactions.list_page(limit=5, min_date=DAY, max_date="2026-01-15")
    rows = reader.transactions.list(include_all=True).to_list()
    assert len(page) == 5
    assert (page.first_date, page.last_date) == (
        min(row.date for row in rows),
        max(row.date for row in rows),
    )
    assert page.first_date < page.result_min_date <= page.result_max_date < page.last_date


def test_a_transaction_is_edited_and_only_what_is_given(user):
    connect_with_accounts(user)
    first = user.transactions.list().first_page()
    before = first.items[0]
    after = user.transactions.update(
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
    cleared = user.transactions.update(transaction_id=before.id, comment=None)
    assert cleared.comment is None
    assert cleared.wording == "Café & co"


def test_what_changed_lately_is_asked_for_by_time(user):
    connect_with_accounts(user)
    first = user.transactions.list().first_page()
    edited = user.transactions.update(transaction_id=first.items[7].id, comment="new")
    since = edited.last_update - dt.timedelta(seconds=1)
    assert user.transactions.list(last_update=since).to_list() == [edited]


def test_relations_come_with_a_transaction_when_asked_for(reader):
    plain = (reader.transactions.list().first_page()).items[0]
    assert plain.account is plain.categories is plain.attachments is None
    full = reader.transactions.get(
        transaction_id=plain.id, expand=["account[connection]", "categories", "attachments"]
    )
    assert full.account.id == plain.id_account
    assert full.account.connection.state is None
    assert full.categories
    assert full.attachments is not None


def test_attachments_of_a_transaction_are_listed(reader):
    rows = reader.transactions.list(expand="attachments").to_list()
    (row, *_) = (row for row in rows if row.attachments)
    found = reader.transactions.list_attachments(transaction_id=row.id)
    assert found.attachments == row.attachments
    assert found.attachments[0].mime_type == "application/pdf"
    (bare, *_) = (row for row in rows if not row.attachments)
    assert len(reader.transactions.list_attachments(transaction_id=bare.id)) == 0


def test_amounts_have_the_digits_of_the_wire(reader):
    answer = reader.request("GET", "/users/me/transactions", params={"limit": 1000})
    sent = json.loads(answer.content, parse_float=str)["transactions"]
    rows = reader.transactions.list().to_list()
    digits = [str(row.value) for row in rows if row.value is not None]
    assert digits == [row["value"] for row in sent if row["value"] is not None]


# --- Connectors ----------------------------------------------------------------------------------


def test_connectors_are_listed_by_country_with_their_relations(app):
    italian = app.connectors.list(country_codes="it", expand="countries,sources").to_list()
    assert [each.name for each in italian] == ["Banca Corallo", "Cassa dei Faraglioni"]
    assert {country.id for each in italian for country in each.countries} == {"it"}
    first = italian[0]
    sources = app.connectors.list_sources(connector_uuid=first.uuid)
    assert sources.sources == first.sources
    source = app.connectors.get_source(connector_uuid=first.id, source_id=sources.sources[0].id)
    assert source == sources.sources[0]
    by_number = app.connectors.get(connector_uuid=first.id, expand="countries,sources")
    assert by_number == first


def test_a_connector_is_hidden_for_the_domain_with_the_config_token(own_powens, client_of):
    with client_of(own_powens) as app:
        console = app.with_options(access_token=own_powens.config_token)
        before = app.connectors.list_all()
        hidden = console.connectors.update(
            connector_uuid=before.connectors[0].uuid, hidden=True, sync_periodicity=Decimal("0.5")
        )
        assert (hidden.hidden, hidden.sync_periodicity) == (True, Decimal("0.5"))
        assert hidden.id not in [each.id for each in app.connectors.list_all()]
        assert (app.connectors.get(connector_uuid=hidden.uuid)).hidden is True
        changed = console.connectors.batch_update(body={hidden.uuid: {"hidden": False}})
        assert [each.hidden for each in changed] == [False]
        after = app.connectors.list_all()
        assert [each.id for each in after] == [each.id for each in before]


def test_a_source_is_taken_out_of_use_for_the_domain(own_powens, client_of):
    with client_of(own_powens) as app:
        console = app.with_options(access_token=own_powens.config_token)
        (connector, *_) = app.connectors.list_all(expand="sources")
        ids = {"connector_uuid": connector.uuid, "source_id": connector.sources[0].id}
        moment = dt.datetime.fromisoformat("2026-01-31 10:00:00")
        off = console.connectors.update_source(**ids, disabled=moment)
        assert off.disabled == moment
        same = console.connectors.update_source(**ids, auth_mechanism="webauth")
        assert (same.disabled, same.auth_mechanism) == (moment, "webauth")
        on = console.connectors.update_source(**ids, disabled=None)
        assert on.disabled is None


def test_a_user_changes_no_connector(user):
    with pytest.raises(PowensAuthError) as refusal:
        user.connectors.update(connector_uuid=1, hidden=True)
    assert refusal.value.status_code == 403


# --- When things go wrong ------------------------------------------------------------------------


def test_a_service_that_is_down_for_a_moment_is_asked_again(reader, faulty):
    faulty.add_fault(Fault(status=503, times=2))
    assert (reader.users.me()).id == faulty.user_id
    assert [request.status for request in faulty.requests] == [503, 503, 200]


def test_a_service_that_stays_down_is_given_up(reader, faulty):
    faulty.add_fault(Fault(status=503, times=None))
    with pytest.raises(PowensServiceUnavailableError) as refusal:
        reader.users.me()
    assert refusal.value.error_code is PowensErrorCode.WEBSITE_UNAVAILABLE
    assert len(faulty.requests) == 3


def test_what_could_happen_twice_is_not_tried_twice(app, faulty):
    fault = faulty.add_fault(Fault(status=503, times=None))
    with pytest.raises(PowensServiceUnavailableError):
        app.auth.init_user()
    assert fault.used == len(faulty.requests) == 1


def test_a_fault_of_the_service_is_not_tried_again(reader, faulty):
    faulty.add_fault(Fault(status=500))
    with pytest.raises(PowensServerError) as refusal:
        reader.users.me()
    assert refusal.value.status_code == 500
    assert len(faulty.requests) == 1


def test_too_many_calls_say_how_long_to_wait(reader, faulty):
    faulty.add_fault(Fault(status=429, headers={"Retry-After": "30"}, times=None))
    with pytest.raises(PowensRateLimitError) as refusal:
        reader.users.me()
    assert refusal.value.retry_after == 30
    assert len(faulty.requests) == 3


def test_a_page_of_html_in_place_of_an_answer_is_an_error_all_the_same(reader, faulty):
    faulty.add_fault(Fault(status=502, body="<html>Bad gateway</html>", times=None))
    with pytest.raises(PowensServerError) as refusal:
        reader.users.me()
    assert refusal.value.error_code is None
    assert refusal.value.response_body == "<html>Bad gateway</html>"


@pytest.mark.parametrize("cut", ["before", "body"])
def test_a_cut_connection_is_made_anew_to_read(cut, reader, faulty):
    fault = faulty.add_fault(Fault(cut=cut))
    assert (reader.users.me()).id == faulty.user_id
    assert fault.used == 1
    assert len(faulty.requests) == 2


@pytest.mark.parametrize("cut", ["before", "body"])
def test_a_cut_connection_is_not_made_anew_to_create(cut, app, faulty):
    faulty.add_fault(Fault(cut=cut))
    with pytest.raises(PowensConnectionError) as failure:
        app.auth.init_user()
    assert isinstance(failure.value.__cause__, httpx.TransportError)
    assert len(faulty.requests) == 1


def test_a_malformed_answer_says_which_model_it_was_for(reader, faulty):
    faulty.add_fault(Fault(malformed=True))
    with pytest.raises(PowensSerializationError, match="User: the answer is not valid JSON"):
        reader.users.me()
    assert len(faulty.requests) == 1


def test_a_late_answer_is_not_waited_for(reader, faulty):
    faulty.add_fault(Fault(delay=30, times=None))
    hasty = reader.with_options(timeout=0.05, retry_policy=RetryPolicy(max_attempts=1))
    with pytest.raises(PowensTimeoutError):
        hasty.users.me()


def test_a_deadline_ends_a_call_with_all_its_attempts(reader, faulty):
    faulty.add_fault(Fault(delay=30, times=None))
    patient = RetryPolicy(max_attempts=100, base_delay=0, jitter=0)
    hasty = reader.with_options(timeout=0.04, deadline=0.1, retry_policy=patient)
    with pytest.raises(PowensTimeoutError):
        hasty.users.me()
    assert len(faulty.requests) < 20


def test_a_page_that_failed_is_asked_for_again_by_the_same_walk(reader, faulty):
    rows = reader.transactions.list().to_list()
    faulty.add_fault(Fault(path="/users/me/transactions", status=500, skip=1))
    pages = reader.transactions.list(limit=150).by_page()
    walked = list(pages.__next__())
    with pytest.raises(PowensServerError):
        pages.__next__()
    for page in pages:
        walked.extend(page)
    assert walked == rows
