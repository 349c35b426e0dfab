"""Payments, payment links and what administers a domain: what no table of calls can show."""

from __future__ import annotations

from decimal import Decimal

import httpx
import pytest

from powens import (
    AsyncPowensClient,
    ClientApp,
    Payment,
    PaymentAccount,
    PaymentIdentity,
    PaymentInitRequest,
    PaymentInstruction,
    PaymentLinkRequest,
    PaymentLinksList,
    PaymentState,
    PaymentValidateRequest,
    PowensBadRequestError,
    PowensConnectionError,
    PowensError,
    PowensHTTPError,
    PowensNotFoundError,
    PowensSerializationError,
    PowensServiceUnavailableError,
    Upload,
)

from .calls import bound, payments, perform

IBAN = "FR7630006000011234567890189"
BAKERY = PaymentAccount.from_iban(IBAN, label="Bakery")
ORDER = PaymentInitRequest(
    client_redirect_uri="https://shop.example/back",
    instructions=[PaymentInstruction.to(BAKERY, amount="12.50", label="Order 42")],
)
LINK = PaymentLinkRequest(
    amount=Decimal("12.50"),
    currency="EUR",
    label="Order 42",
    execution_date_type="instant",
    beneficiary=BAKERY,
    beneficiary_identity=PaymentIdentity(kind="corporate", org_name="Bakery"),
    payer=None,
    payer_identity=PaymentIdentity(first_name="Camille"),
    redirect=False,
)
LOGO = Upload(name="logo.png", content=b"c4n4ry", media_type="image/png")
ELSEWHERE = "https://payment-links.powens.com/api"
NEEDED = {call.method: call.arguments for call in reversed(payments.CALLS)}
LINK_METHODS = [name for name in payments.METHODS if name.startswith("payment_links.")]
OTHER_METHODS = [name for name in payments.METHODS if name.startswith("payments.")]


def answer_to(method):
    """What the API answers to a method of the table, as JSON or as an empty body."""
    answer = payments.METHODS[method].answer
    return b"" if answer is None else answer


# --- The host of payment links -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "where"),
    [
        (None, ELSEWHERE),
        ("https://links.example.com", "https://links.example.com"),
        ("https://links.example.com/", "https://links.example.com"),
        ("https://links.example.com:8443/v/1/", "https://links.example.com:8443/v/1"),
        ("HTTPS://LINKS.example.com:443/api", "https://links.example.com/api"),
        ("http://127.0.0.1:8000/api", "http://127.0.0.1:8000/api"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
@pytest.mark.parametrize("method", LINK_METHODS)
async def test_payment_links_are_where_the_client_says(given, where, method, api, connect):
    api.answers(answer_to(method))
    async with connect(payment_links_url=given) as client:
        await perform(client, method, **NEEDED[method])
    (request,) = api.requests
    assert str(request.url).startswith(f"{where}/payment-links")
    assert request.headers["host"] == request.url.netloc.decode()
    assert api.bearers == ["t0ken"]


@pytest.mark.parametrize("method", OTHER_METHODS)
async def test_nothing_else_goes_to_the_host_of_payment_links(method, api, connect):
    api.answers(answer_to(method))
    async with connect(payment_links_url="https://links.example.com") as client:
        await perform(client, method, **NEEDED[method])
    assert [request.url.host for request in api.requests] == ["example.biapi.pro"]


async def test_a_view_takes_its_own_token_to_the_host_of_payment_links(api, connect):
    api.answers([], {})
    async with connect(payment_links_url="https://links.example.com/api") as client:
        view = client.with_options(access_token="service-token")
        await view.payment_links.list_all()
        await view.payments.get_current_terms()
    assert [str(request.url) for request in api.requests] == [
        "https://links.example.com/api/payment-links",
        "https://example.biapi.pro/2.0/terms",
    ]
    assert api.bearers == ["service-token", "service-token"]


@pytest.mark.parametrize("method", LINK_METHODS)
async def test_payment_links_need_a_token(method, api, connect):
    async with connect(access_token=None) as client:
        with pytest.raises(PowensError, match="needs an access token"):
            await perform(client, method, **NEEDED[method])
    assert api.count == 0


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://links.example.com/api", "https"),
        ("http://192.168.0.1/api", "https"),
        ("http://localhost.evil.example/api", "https"),
        ("https://me:s3cret@links.example.com/api", "credentials"),
        ("https://links.example.com/api?x=1", "query"),
        ("https://links.example.com/api#x", "fragment"),
        ("https://links.example.com/a/../b", "climbs"),
        ("links.example.com/api", "must look like"),
        ("ftp://links.example.com/api", "must look like"),
    ],
)
def test_a_host_of_payment_links_that_is_not_safe_is_refused(url, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        AsyncPowensClient(domain="example", payment_links_url=url)
    assert "s3cret" not in str(caught.value)


async def test_request_does_not_take_the_token_to_the_host_of_payment_links(api, connect):
    async with connect() as client:
        with pytest.raises(ValueError, match="another host"):
            await client.request("GET", f"{ELSEWHERE}/payment-links")
    assert api.count == 0


async def test_the_token_does_not_follow_a_redirect_of_the_host_of_payment_links(api, connect):
    away = {"location": "https://evil.example/payment-links"}
    api.answers(lambda _: httpx.Response(302, headers=away))
    async with connect() as client:
        with pytest.raises(PowensHTTPError) as caught:
            await client.payment_links.list_all()
    assert caught.value.status_code == 302
    assert [request.url.host for request in api.requests] == ["payment-links.powens.com"]


@pytest.mark.parametrize(
    ("link_id", "segment"),
    [("a/b", "a%2Fb"), ("../x?y#z", "..%2Fx%3Fy%23z"), ("a:b", "a%3Ab"), ("é", "%C3%A9")],
)
async def test_the_id_of_a_payment_link_stays_one_segment(link_id, segment, api, connect):
    api.answers({"id": link_id})
    async with connect() as client:
        await client.payment_links.get(payment_link_id=link_id)
        await client.payment_links.revoke(payment_link_id=link_id)
    assert [str(request.url.raw_path, "ascii") for request in api.requests] == [
        f"/api/payment-links/{segment}",
        f"/api/payment-links/{segment}:revoke",
    ]


@pytest.mark.parametrize("method", ["payment_links.get", "payment_links.revoke"])
@pytest.mark.parametrize("link_id", ["", ".", ".."])
async def test_an_id_that_would_change_the_path_is_refused(method, link_id, api, connect):
    async with connect() as client:
        with pytest.raises(ValueError, match="must not be empty"):
            await perform(client, method, payment_link_id=link_id)
    assert api.count == 0


@pytest.mark.parametrize("rows", [[], [{"id": "a"}, {"id": "b"}]])
async def test_all_payment_links_come_in_one_answer(rows, api, connect):
    api.answers(rows)
    async with connect() as client:
        page = await client.payment_links.list().first_page()
        assert page.next_cursor is None
        listed = await client.payment_links.list().to_list()
        everything = await client.payment_links.list_all()
    assert type(everything) is PaymentLinksList
    assert [link.id for link in listed] == [row["id"] for row in rows]
    assert list(everything) == listed == list(page)
    assert api.count == 3


async def test_an_unknown_payment_link_says_where_it_was_looked_for(api, connect):
    api.answers(lambda _: httpx.Response(404, json={"code": "notFound"}))
    async with connect() as client:
        with pytest.raises(PowensNotFoundError) as caught:
            await client.payment_links.get(payment_link_id="gone")
    assert caught.value.request_url == f"{ELSEWHERE}/payment-links/gone"
    assert "t0ken" not in f"{caught.value!r} {caught.value}"


# --- Payments ------------------------------------------------------------------------------------


async def test_payments_are_paged_until_a_page_is_short(api, connect):
    # The reference knows no total and no links of this listing.
    api.answers(
        {"payments": [{"id": 1}, {"id": 2}]},
        {"payments": [{"id": 2}, {"id": 3}, {"id": 4}]},
        {"payments": [{"id": 4}]},
    )
    async with connect() as client:
        found = await client.payments.list(limit=2, state=PaymentState.DONE).to_list()
    assert [payment.id for payment in found] == [1, 2, 3, 4]
    assert api.targets == [
        "/payments?state=done&limit=2",
        "/payments?state=done&limit=3&offset=1",
        "/payments?state=done&limit=3&offset=3",
    ]


@pytest.mark.parametrize(
    ("method", "wrong"),
    [
        ("payments.list", {"limit": 0}),
        ("payments.list", {"limit": 1001}),
        ("client_applications.list", {"limit": -1}),
        ("webhook_auth_providers.list", {"limit": 1001}),
        ("webhooks.list_logs", {"webhook_id": 4, "limit": 0}),
    ],
)
async def test_a_limit_out_of_range_is_refused_at_once(method, wrong, client, wire):
    with pytest.raises(ValueError, match="limit"):
        bound(client, method)(**wrong)
    assert wire.requests == []


async def test_the_log_of_a_webhook_is_read_when_it_is_iterated(client, wire):
    pager = client.webhooks.list_logs(webhook_id=4)
    assert wire.requests == []
    wire.answers({"webhooklogs": [{"id": 9}], "total": 1})
    assert [log.id for log in await pager.to_list()] == [9]


@pytest.mark.parametrize(
    "failure", [httpx.ConnectError("x"), httpx.ReadTimeout("x"), 503], ids=["net", "time", "503"]
)
@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("payments.create", {"body": ORDER}),
        ("payments.confirm", {"payment_id": 31, "confirm": True}),
        ("payments.cancel", {"payment_id": 31, "client_redirect_uri": "https://shop.example"}),
        ("payments.accept_terms", {"payment_id": 31, "id_terms": 3}),
        ("payments.create_scoped_token", {"payment_id": 31, "scope": "payments:validate"}),
        ("payment_links.create", {"body": LINK}),
        ("payment_links.revoke", {"payment_link_id": "a"}),
        ("client_applications.update_logo", {"client_app_id": 11, "file": LOGO}),
    ],
)
async def test_what_could_happen_twice_is_sent_once(method, arguments, failure, api, connect):
    api.answers(failure)
    async with connect() as client:
        with pytest.raises((PowensConnectionError, PowensServiceUnavailableError)) as caught:
            await perform(client, method, **arguments)
    assert api.count == 1
    for secret in (IBAN, "t0ken", "c4n4ry"):
        assert secret not in f"{caught.value!r} {caught.value}"


async def test_a_payment_that_cannot_be_cancelled_says_so(api, connect):
    api.answers(lambda _: httpx.Response(400, json={"code": "notSupported"}))
    async with connect() as client:
        with pytest.raises(PowensBadRequestError) as caught:
            await client.payments.cancel(payment_id=31, client_redirect_uri="https://shop.example")
    assert caught.value.error_code == "notSupported"


async def test_a_payment_is_created_over_a_service_token_and_never_shows_accounts(client, wire):
    wire.answers({"id": 31, "state": "created", "payer": {"identification": IBAN}})
    service = client.with_options(access_token="service-token")
    payment = await service.payments.create(body=ORDER)
    assert payment == Payment(
        id=31, state=PaymentState.CREATED, payer=PaymentAccount(identification=IBAN)
    )
    assert wire.bearer == "service-token"
    for shown in (repr(ORDER), repr(LINK), repr(payment)):
        assert IBAN not in shown


async def test_fields_of_a_validation_are_encrypted_on_request(api, connect):
    pytest.importorskip("joserfc")
    from joserfc import jwe
    from joserfc.jwk import RSAKey

    key = RSAKey.generate_key(2048, {"kid": "k1"})
    given = PaymentValidateRequest(
        validate_mechanism="webauth",
        webview_url="https://shop.example/pay",
        fields={"login": "camille", "password": "c4n4ry"},
    )
    api.answers(key.as_dict(private=False), {"id": 31})
    async with connect() as client:
        await client.payments.validate(payment_id=31, body=given, encrypt=True)
    assert api.targets == ["/publickey", "/payments/31"]
    sent = httpx.Response(200, content=api.requests[1].content).json()
    assert sent.keys() == {"validate_mechanism", "webview_url", "fields"}
    opened = {
        name: jwe.decrypt_compact(text, key, algorithms=["RSA-OAEP-256", "A256GCM"]).plaintext
        for name, text in sent["fields"].items()
    }
    assert opened == {"login": b"camille", "password": b"c4n4ry"}
    # What the caller holds stays as it was.
    assert given.fields == {"login": "camille", "password": "c4n4ry"}


# --- Administration ------------------------------------------------------------------------------

ANSWERS_OF_NO_USE = [(200, b'{"id": 1}'), (200, b"null"), (200, b"OK"), (202, b""), (204, b"")]


@pytest.mark.parametrize(("status", "answer"), ANSWERS_OF_NO_USE)
@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("client_applications.delete", {"client_app_id": 11}),
        ("client_applications.update_logo", {"client_app_id": 11, "file": LOGO}),
        ("webhook_auth_providers.delete", {"auth_provider_id": 2}),
        ("webhooks.delete", {"webhook_id": 4}),
        ("webhooks.trigger_test", {}),
        ("payments.accept_terms", {"payment_id": 31, "id_terms": 3}),
        ("payment_links.revoke", {"payment_link_id": "a"}),
    ],
)
async def test_any_success_will_do(method, arguments, status, answer, client, wire):
    wire.answers(status=status, raw=answer)
    assert await perform(client, method, **arguments) is None
    assert len(wire.requests) == 1


async def test_a_logo_is_sent_as_a_form(client, wire):
    await client.client_applications.update_logo(client_app_id=11, file=LOGO)
    assert wire.line == "POST /clients/11/logo"
    assert wire.body == {"file": ("logo.png", "image/png", b"c4n4ry")}
    media_type = wire.request.headers["content-type"]
    assert media_type.startswith("multipart/form-data; boundary=")
    boundary = media_type.partition("boundary=")[2].encode()
    assert wire.request.content.startswith(b"--%s\r\n" % boundary)
    assert wire.request.headers["content-length"] == str(len(wire.request.content))
    assert wire.bearer == "user-token"


@pytest.mark.parametrize("name", ['a"b.png', "a\r\nx-evil: 1\r\n\r\n.png", "été.png", "a;b=c.png"])
async def test_the_name_of_a_file_stays_a_name(name, client, wire):
    file = Upload(name=name, content=b"x", media_type="image/png")
    await client.client_applications.update_logo(client_app_id=11, file=file)
    (_, media_type, content) = wire.body["file"]
    assert (media_type, content) == ("image/png", b"x")
    head = wire.request.content.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert len(head) == 3
    assert head[1].startswith(b'Content-Disposition: form-data; name="file"; filename="')
    assert head[2] == b"Content-Type: image/png"


def test_what_is_uploaded_is_not_shown():
    assert repr(LOGO) == "Upload(name='logo.png', media_type='image/png')"
    assert Upload(name="x", content=b"").media_type == "application/octet-stream"


async def test_the_secret_of_a_client_application_is_not_shown(client, wire):
    wire.answers({"id": 11, "secret": "c4n4ry", "private_key": "c4n4ry", "config": "c4n4ry"})
    app = await client.client_applications.get(client_app_id=11)
    assert app == ClientApp(id=11, secret="c4n4ry", private_key="c4n4ry", config="c4n4ry")
    assert "c4n4ry" not in repr(app)


@pytest.mark.parametrize(
    ("answer", "values"),
    [
        (b"{}", {}),
        (b"[]", {}),
        (b'{"a": true, "b": false}', {"a": "1", "b": "0"}),
        (b'{"a": 30, "b": 0.50, "c": "", "d": null}', {"a": "30", "b": "0.50", "c": "", "d": None}),
    ],
)
@pytest.mark.parametrize(("method", "more"), [("get", {}), ("update", {"body": {"a": "1"}})])
async def test_a_configuration_is_text(method, more, answer, values, client, wire):
    wire.answers(raw=answer)
    assert await getattr(client.configuration, method)(**more) == values


@pytest.mark.parametrize("answer", [b'{"a": {"b": "1"}}', b'{"a": ["1"]}', b'["a"]', b"7", b"x"])
async def test_a_configuration_of_another_shape_is_refused(answer, client, wire):
    wire.answers(raw=answer)
    with pytest.raises(PowensSerializationError, match=r"^settings: "):
        await client.configuration.get()


@pytest.mark.parametrize("value", [["c4n4ry"], {"c4n4ry": 1}, b"c4n4ry", object()])
async def test_a_setting_that_is_no_text_is_not_sent(value, client, wire):
    with pytest.raises(TypeError, match=r"force_pdf must be a str, a number or a bool") as caught:
        await client.configuration.update(body={"oauth2.enabled": True, "force_pdf": value})
    assert wire.requests == []
    assert "c4n4ry" not in str(caught.value)


async def test_the_type_of_a_certificate_stays_one_segment(client, wire):
    wire.answers({"id": 3})
    await client.configuration.get_certificate(certificate_type="../config?search=a")
    assert wire.line == "GET /certificate/..%2Fconfig%3Fsearch%3Da"


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (lambda c: c.security.get_public_key(), {"kty": "RSA"}),
        (lambda c: c.security.list_sign_keys(), []),
        (lambda c: c.security.get_sign_key(key_id=6), {"id": 6}),
        (lambda c: c.payments.get_current_terms(), {}),
    ],
    ids=["public key", "sign keys", "sign key", "terms"],
)
async def test_public_things_are_for_everyone(call, answer, client, wire):
    wire.answers(answer)
    await call(client.with_options(access_token=None))
    assert wire.bearer is None
