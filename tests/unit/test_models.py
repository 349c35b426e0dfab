"""What holds for every model, and the tables of what is required and what is hidden."""

from __future__ import annotations

import copy
import json
import pickle
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints

import attrs
import pytest

from powens import models
from powens._codec import decode
from powens._model import Envelope, Model, OpenEnum
from powens._unset import Unset
from powens.exceptions import PowensSerializationError
from powens.models import (
    AuthServiceToken,
    AuthToken,
    AuthTokenExchange,
    BankAccount,
    Connector,
    ConnectorUpdateRequest,
    Transaction,
    TransactionsList,
    TransactionType,
    User,
    UsersList,
)

# Every other field of every model may be missing from an answer.
REQUIRED = {
    "AccountDisabledEvent": "id",
    "AccountEnabledEvent": "id",
    "AccountFoundEvent": "id",
    "AccountOwnershipsList": "account_ownerships",
    "AccountSyncedEvent": "id",
    "AccountType": "id",
    "AccountTypesList": "accounttypes",
    "Attachment": "id",
    "AttachmentsList": "attachments",
    "AuthCode": "code",
    "AuthServiceToken": "token",
    "AuthToken": "auth_token",
    "AuthTokenExchange": "access_token",
    "BalanceGroupsList": "balances",
    "BankAccount": "id",
    "BankAccountsList": "accounts",
    "Certificate": "id",
    "ClientApp": "id",
    "ClientAppsList": "clients",
    "ConfigLogsList": "configlogs",
    "Connection": "id",
    "ConnectionDeletedEvent": "id",
    "ConnectionLog": "id",
    "ConnectionLogsList": "connectionlogs",
    "ConnectionSource": "id",
    "ConnectionSourcesList": "sources",
    "ConnectionsList": "connections",
    "Connector": "id",
    "ConnectorFieldsList": "fields",
    "ConnectorSource": "id",
    "ConnectorSourcesList": "sources",
    "ConnectorsList": "connectors",
    "CreditNote": "id",
    "CreditNotesList": "credit_notes",
    "CurrenciesList": "currencies",
    "Currency": "id",
    "Document": "id",
    "DocumentTypesList": "documenttypes",
    "DocumentsList": "documents",
    "Investment": "id",
    "InvestmentHistoryValue": "id",
    "InvestmentHistoryValuesList": "investmentvalues",
    "InvestmentsList": "investments",
    "Invoice": "id",
    "InvoicesList": "invoices",
    "Link": "href",
    "LoanAmortizationsList": "loanamortizations",
    "MarketOrder": "id",
    "MarketOrdersList": "marketorders",
    "Payment": "id",
    "PaymentIncompatibilitiesList": "incompatibilities",
    "PaymentLink": "id",
    "PaymentLinksList": "payment_links",
    "PaymentScopedToken": "token",
    "PaymentStateUpdatedEvent": "id",
    "PaymentsList": "payments",
    "Pocket": "id",
    "PocketsList": "pockets",
    "Recipient": "id",
    "SecurityHistory": "history",
    "SignKey": "id",
    "SignKeysList": "keys",
    "Subscription": "id",
    "SubscriptionFoundEvent": "id",
    "SubscriptionSyncedEvent": "id",
    "SubscriptionsList": "subscriptions",
    "Transaction": "id",
    "TransactionsList": "transactions",
    "Transfer": "id",
    "User": "id",
    "UserCreatedEvent": "id",
    "UserDeletedEvent": "id",
    "UsersList": "users",
    "WebauthURL": "url",
    "Webhook": "id",
    "WebhookAuthProvider": "id",
    "WebhookAuthProvidersList": "authproviders",
    "WebhookLog": "id",
    "WebhookLogsList": "webhooklogs",
    "WebhooksList": "webhooks",
}

# Credentials, account numbers, addresses that carry a session, texts of the bank.
HIDDEN = [
    ("AccountIdentification", "identification"),
    ("AccountOwnership", "name"),
    ("Attachment", "url"),
    ("AuthCode", "code"),
    ("AuthServiceToken", "token"),
    ("AuthToken", "auth_token"),
    ("AuthTokenExchange", "access_token"),
    ("BankAccount", "iban"),
    ("BankAccount", "number"),
    ("BankAccount", "webid"),
    ("ClientApp", "private_key"),
    ("ClientApp", "public_key"),
    ("ClientApp", "secret"),
    ("ConfigLog", "new_value"),
    ("ConfigLog", "previous_value"),
    ("Connection", "error_message"),
    ("ConnectionLog", "error_message"),
    ("ConnectionLog", "fields"),
    ("ConnectionLog", "login"),
    ("ConnectionLog", "session_folder_id"),
    ("ConnectorField", "value"),
    ("ConnectorFieldValue", "label"),
    ("ConnectorFieldValue", "value"),
    ("Counterparty", "account_identification"),
    ("Document", "thumb_url"),
    ("Document", "url"),
    ("IdentityParty", "full_name"),
    ("InvoiceCustomer", "email"),
    ("InvoiceCustomer", "first_name"),
    ("InvoiceCustomer", "full_name"),
    ("InvoiceCustomer", "last_name"),
    ("InvoiceCustomer", "phone"),
    ("InvoiceShippingAddress", "phone"),
    ("Invoicer", "email"),
    ("Invoicer", "phone"),
    ("JWK", "n"),
    ("Link", "href"),
    ("MarketOrder", "webid"),
    ("OwnerIdentity", "first_name"),
    ("OwnerIdentity", "full_name"),
    ("OwnerIdentity", "last_name"),
    ("OwnerIdentity", "raw_postal_address"),
    ("Payment", "client_redirect_uri"),
    ("Payment", "client_state"),
    ("Payment", "error_description"),
    ("Payment", "validate_uri"),
    ("PaymentAccount", "bic"),
    ("PaymentAccount", "identification"),
    ("PaymentAccount", "issuer"),
    ("PaymentAccount", "merchant_identification"),
    ("PaymentConnectorIncompatibilityReason", "value_payment"),
    ("PaymentField", "default"),
    ("PaymentFieldValue", "label"),
    ("PaymentFieldValue", "value"),
    ("PaymentIdentity", "birth_city"),
    ("PaymentIdentity", "birth_country"),
    ("PaymentIdentity", "email"),
    ("PaymentIdentity", "external_ref"),
    ("PaymentIdentity", "first_name"),
    ("PaymentIdentity", "identification"),
    ("PaymentIdentity", "issuer"),
    ("PaymentIdentity", "last_name"),
    ("PaymentIdentity", "nationality"),
    ("PaymentIdentity", "org_business_address"),
    ("PaymentIdentity", "org_hq_address"),
    ("PaymentIdentity", "postal_address"),
    ("PaymentIdentity", "ultimate_owner_extra_text"),
    ("PaymentIdentity", "ultimate_owner_text"),
    ("PaymentLink", "redirect_state"),
    ("PaymentLink", "redirect_uri"),
    ("PaymentLink", "url"),
    ("PaymentScopedToken", "token"),
    ("Recipient", "error_message"),
    ("Recipient", "iban"),
    ("SignKey", "public_key"),
    ("SignedResponsePayload", "request_url"),
    ("Subscription", "number"),
    ("Transaction", "card"),
    ("Transaction", "webid"),
    ("Transfer", "beneficiary_number"),
    ("Transfer", "error_message"),
    ("WebauthCallback", "error_description"),
    ("WebauthCallback", "state"),
    ("WebauthURL", "url"),
    ("Webhook", "add_to_data"),
    ("Webhook", "url"),
    ("WebhookHmacConfig", "secret_key"),
    ("WebviewConnectCallback", "code"),
    ("WebviewConnectCallback", "state"),
    ("WebviewErrorCallback", "error_description"),
    ("WebviewErrorCallback", "state"),
    ("WebviewManageCallback", "state"),
    ("WebviewPaymentCallback", "bank_message"),
    ("WebviewPaymentCallback", "state"),
    ("WebviewReconnectCallback", "state"),
]

FullBody = Callable[..., bytes]


@pytest.fixture
def instance(any_answer: type[Model], full_body: FullBody) -> Model:
    """One of every model, with a value in every field."""
    return decode(full_body(any_answer), any_answer)


def test_nothing_but_the_required_field_is_needed(
    any_answer: type[Model], decode_both_ways: Callable[[bytes, type], Any], full_body: FullBody
) -> None:
    name = REQUIRED.get(any_answer.__name__)
    if name is None:
        content = b"{}"
    else:
        with pytest.raises(PowensSerializationError, match=f"lacks {name}$"):
            decode_both_ways(b"{}", any_answer)
        content = json.dumps({name: json.loads(full_body(any_answer))[name]}).encode()
    result = decode_both_ways(content, any_answer)
    values = {field.name: getattr(result, field.name) for field in attrs.fields(any_answer)}
    assert (name is None) or values.pop(name)
    assert set(values.values()) <= {None}


def test_every_field_is_filled_from_its_name_on_the_wire(
    any_answer: type[Model], decode_both_ways: Callable[[bytes, type], Any], full_body: FullBody
) -> None:
    content = full_body(any_answer)
    result = decode_both_ways(content, any_answer)
    assert json.loads(content).keys() == {field.name for field in attrs.fields(any_answer)}
    for name in json.loads(content):
        assert getattr(result, name) is not None


@pytest.mark.parametrize(("name", "field"), HIDDEN)
def test_what_must_be_hidden_is(name: str, field: str, full_body: FullBody) -> None:
    model = getattr(models, name)
    result = decode(full_body(model, **{field: "c4n4ry"}), model)
    assert getattr(result, field) == "c4n4ry"
    assert "c4n4ry" not in repr(result)
    assert repr(result).startswith(f"{name}(")


# Words in the name of a field, any of which makes it hidden when it can hold text.
SOUNDS_SECRET = re.compile(
    r"""
    (?:^|_)
    (?: token | secret | password | code | iban | login | card | webid | key | cert | config
      | credentials | identification | urls? | uris? | href | message | phone | email | state
      | number | value | fields | error_description | first_name | last_name | full_name )
    (?:_|$)
    """,
    re.VERBOSE,
)

# Fields that can hold text and have such a word in their name, but no secret.
NO_SECRETS = {
    "AuthServiceToken.token_type": "always `bearer`",
    "Category.code": "one of a public list",
    "Category.parent_code": "one of a public list",
    "ClientApp.redirect_uris": "part of the settings of the application",
    "ClientAppRequest.redirect_uris": "part of the settings of the application",
    "ClientAppUpdateRequest.redirect_uris": "part of the settings of the application",
    "ConfigLog.key": "name of a setting; its values are hidden",
    "Connector.code": "code of a bank",
    "Connector.urls": "public sites of a bank",
    "CreditNote.number": "number of a document",
    "Document.number": "number of a document",
    "Investment.code": "code of a security",
    "Invoice.number": "number of a document",
    "InvoiceAddress.country_code": "a country",
    "InvoiceAddress.postal_code": "part of an address",
    "InvoiceShippingAddress.country_code": "a country",
    "InvoiceShippingAddress.postal_code": "part of an address",
    "MarketOrder.code": "code of a security",
    "MarketOrder.number": "number of an order",
    "MarketOrder.state": "how far an order is",
    "PaymentConnectorIncompatibilityReason.value_connector": "limit that a bank sets",
    "PostalAddress.country_code": "a country",
    "PostalAddress.postal_code": "part of an address",
    "SignedResponseHeader.key_url": "where a public key is",
    "Transaction.formatted_value": "the amount, as text",
    "Transaction.state": "how far a transaction is",
    "WebhookOAuthConfig.public_cert": "public",
}

# Fields that hold whatever the API likes, of which none knows what it may be.
NO_SECRETS_INSIDE = {
    "Connector.categories": "what kind of bank it is",
    "ConnectorSource.categories": "what kind of bank it is",
    "PaymentConnectorIncompatibilityReason.value_connector": "limit that a bank sets",
    "SignedResponsePayload.response_timestamp": "when it was signed",
}


def parts_of(hint: Any) -> Iterator[object]:
    """The types that a type is made of; the keys of a mapping are no part."""
    inner = get_args(hint)[-1:] if get_origin(hint) is Mapping else get_args(hint)
    yield from [part for each in inner for part in parts_of(each)] or [hint]


def shown_fields(*, of: type) -> set[str]:
    """Fields that a repr shows and that can hold a value of this type."""
    return {
        f"{name}.{field.name}"
        for name in models.__all__
        if attrs.has(model := getattr(models, name))
        for field in attrs.fields(model)
        if field.repr and not field.inherited
        if of in parts_of(get_type_hints(model)[field.name])
    }


def test_no_model_shows_text_that_sounds_secret() -> None:
    shown = shown_fields(of=str) | shown_fields(of=object)
    sounding = {field for field in shown if SOUNDS_SECRET.search(field.partition(".")[2])}
    assert sounding == NO_SECRETS.keys()


def test_no_model_shows_what_none_knows() -> None:
    assert shown_fields(of=object) == NO_SECRETS_INSIDE.keys()


def test_secrets_inside_of_other_models_are_hidden_too(full_body: FullBody) -> None:
    account = json.loads(full_body(BankAccount, iban="c4n4ry", number="c4n4ry"))
    page = decode(json.dumps({"id": 1, "account": account}).encode(), Transaction)
    assert page.account is not None
    assert page.account.iban == "c4n4ry"
    assert "c4n4ry" not in repr(page)


def test_a_model_cannot_be_changed(instance: Model) -> None:
    name = attrs.fields(type(instance))[0].name
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(instance, name, None)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        delattr(instance, name)


def test_a_model_has_slots_only(instance: Model) -> None:
    assert not hasattr(instance, "__dict__")
    with pytest.raises(AttributeError):
        object.__setattr__(instance, "extra", 1)


def test_a_model_is_equal_by_value(instance: Model, full_body: FullBody) -> None:
    model = type(instance)
    other = decode(full_body(model), model)
    assert other is not instance
    assert other == instance
    assert hash(other) == hash(instance)
    assert repr(other) == repr(instance)
    assert instance != object()


def test_a_model_survives_pickle(instance: Model, anatomy: Callable[[object], object]) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        restored = pickle.loads(pickle.dumps(instance, protocol))
        assert anatomy(restored) == anatomy(instance)
        assert hash(restored) == hash(instance)


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_a_model_survives_copies(
    instance: Model, duplicate: Callable[[Model], Model], anatomy: Callable[[object], object]
) -> None:
    assert anatomy(duplicate(instance)) == anatomy(instance)


def test_unknown_codes_and_members_survive_pickle_and_copies(
    anatomy: Callable[[object], object],
) -> None:
    rows = tuple(Transaction(id=1, type=type_) for type_ in ("teleport", TransactionType.CARD))
    for restored in (pickle.loads(pickle.dumps(rows)), copy.deepcopy(rows)):
        assert anatomy(restored) == anatomy(rows)


def test_evolve_makes_a_changed_copy(instance: Model, full_body: FullBody) -> None:
    field = attrs.fields(type(instance))[-1]
    changed = attrs.evolve(instance, **{field.alias: None})
    assert getattr(changed, field.name) is None
    assert changed != instance


def test_what_is_seldom_sent_is_none_unless_it_is_there(any_model: type[Model]) -> None:
    # The fast way sets these fields beforehand, whatever their default is.
    defaults = {field.name: field.default for field in attrs.fields(any_model)}
    assert {defaults[name] for name in any_model._seldom_sent} <= {None}


def test_all_type_hints_can_be_resolved(any_model: type[Model]) -> None:
    hints = get_type_hints(any_model)
    assert {field.name for field in attrs.fields(any_model)} <= hints.keys()


def amount_fields() -> Iterator[Any]:
    """Each field of a model that holds amounts, and whether it holds them by currency."""
    for name in sorted(models.__all__):
        model = getattr(models, name)
        for field in attrs.fields(model) if attrs.has(model) else ():
            hint = get_type_hints(model)[field.name]
            if "Decimal" in str(hint) and not name.endswith("Request"):
                yield pytest.param(model, field, "Mapping" in str(hint), id=f"{name}.{field.name}")


@pytest.mark.parametrize(("model", "field", "by_currency"), list(amount_fields()))
def test_every_amount_is_checked_however_a_model_is_made(
    model: type[Model], field: Any, by_currency: bool, full_body: FullBody
) -> None:
    instance = decode(full_body(model), model)
    for text in ("NaN", "sNaN", "-Infinity", "1E+400", "1E-400"):
        amount = Decimal(text)
        with pytest.raises(ValueError, match="not an amount"):
            attrs.evolve(instance, **{field.alias: {"EUR": amount} if by_currency else amount})


def test_a_model_that_extends_another_checks_the_amounts_of_both() -> None:
    @attrs.frozen(kw_only=True)
    class Bill(Model):
        net: Decimal | None = None

    @attrs.frozen(kw_only=True)
    class TaxedBill(Bill):
        tax: Decimal | None = None

    assert TaxedBill(net=Decimal(1), tax=Decimal(2)).net == 1
    for amounts in ({"net": Decimal("NaN")}, {"tax": Decimal("NaN")}):
        with pytest.raises(ValueError, match="not an amount"):
            TaxedBill(**amounts)


def envelopes() -> list[type[Envelope[Any]]]:
    classes = [getattr(models, name) for name in models.__all__]
    return [cls for cls in classes if issubclass(cls, Envelope) and cls is not Envelope]


@pytest.mark.parametrize("model", envelopes(), ids=lambda model: model.__name__)
def test_an_envelope_is_iterable_and_sized(model: type[Envelope[Any]], full_body: FullBody) -> None:
    envelope = decode(full_body(model), model)
    (row,) = envelope
    assert type(row) is model.item_model()
    assert len(envelope) == 1
    assert envelope.items == (row,) == getattr(envelope, model.items_field())
    empty = attrs.evolve(envelope, **{model.items_field(): ()})
    assert (len(empty), list(empty)) == (0, [])


def test_an_envelope_can_be_walked_again() -> None:
    users = UsersList(users=(User(id=1), User(id=2)))
    assert [user.id for user in users] == [user.id for user in users] == [1, 2]


@pytest.mark.parametrize(
    ("model", "field"),
    [(AuthToken, "auth_token"), (AuthTokenExchange, "access_token"), (AuthServiceToken, "token")],
)
def test_every_token_has_the_same_name(model: type, field: str) -> None:
    assert decode(b'{"%s":"abc"}' % field.encode(), model).token == "abc"


def test_links_of_a_page_have_a_name_without_underscore() -> None:
    page = decode(b'{"transactions":[],"_links":{"next":{"href":"x"}}}', TransactionsList)
    assert page.links is not None
    assert page.links.next is not None
    assert page.links.next.href == "x"
    assert page.links.prev is None


def test_mappings_take_no_part_in_the_hash() -> None:
    one, other = (BankAccount(id=1, information={"a": [value]}) for value in (1, 2))
    assert one != other
    assert hash(one) == hash(other)


def open_enums() -> list[type[OpenEnum]]:
    classes = [getattr(models, name) for name in models.__all__]
    return [cls for cls in classes if issubclass(cls, OpenEnum)]


@pytest.mark.parametrize("codes", open_enums(), ids=lambda codes: codes.__name__)
def test_a_code_is_its_text(codes: type[OpenEnum]) -> None:
    for member in codes:
        assert codes(member.value) is member
        assert str(member) == member.value
        assert pickle.loads(pickle.dumps(member)) is member
        assert copy.deepcopy(member) is member


@pytest.mark.parametrize("value", ["never heard of", 7, None])
def test_an_unlisted_code_makes_no_member(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        TransactionType(value)


def test_what_is_left_out_of_a_change_is_unset() -> None:
    request = ConnectorUpdateRequest()
    assert isinstance(request.hidden, Unset)
    assert ConnectorUpdateRequest(hidden=None) != request
    assert any(Unset in get_args(hint) for hint in get_type_hints(ConnectorUpdateRequest).values())


def test_names_of_the_package_are_sorted_and_there() -> None:
    assert models.__all__ == sorted(models.__all__, key=lambda name: (not name.isupper(), name))
    assert len(set(models.__all__)) == len(models.__all__)
    assert all(hasattr(models, name) for name in models.__all__)
    assert {"BankAccount", "Transaction"} <= set(models.__all__)


def test_every_model_that_is_defined_can_be_imported_from_the_package() -> None:
    def descendants(cls: type) -> set[type]:
        return {cls}.union(*map(descendants, cls.__subclasses__()))

    defined = {
        cls.__name__
        for cls in descendants(Model) - {Model, Envelope}
        if cls.__module__.startswith("powens.models.") and attrs.has(cls)
    }
    assert defined - set(models.__all__) == set()


def test_plain_objects_inside_of_a_connector_can_be_compared() -> None:
    one, other = (decode(b'{"id":1,"categories":[{"a":1.50}]}', Connector) for _ in range(2))
    assert one == other
