"""What administers a domain: applications, configuration, webhooks, public keys."""

from __future__ import annotations

import datetime as dt

from powens import (
    JWK,
    Certificate,
    ClientApp,
    ClientAppsList,
    ConfigLog,
    ConfigLogsList,
    ConfigLogType,
    ConfigurationKey,
    SignKey,
    SignKeysList,
    Upload,
    Webhook,
    WebhookAuthProvider,
    WebhookAuthProvidersList,
    WebhookAuthType,
    WebhookEvent,
    WebhookHmacConfig,
    WebhookLog,
    WebhookLogsList,
    WebhookOAuthConfig,
    WebhooksList,
)

from . import Call, Method

APP = "/clients/11"
AUTH = "/webhooks/auth"
HOOK = "/webhooks/4"
URL = "https://app.example/hooks/connection-synced"
WHEN = dt.datetime.fromisoformat("2024-02-29 12:34:56")
AWARE = dt.datetime(2024, 3, 1, 1, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))
PNG = b"\x89PNG\r\n\x1a\n\x00\r\n--\xff"

_APP = {
    "id": 11,
    "name": "Shop",
    "secret": "app-secret",
    "redirect_uris": ["https://shop.example/back"],
    "id_logo": None,
    "config": {"theme": "dark"},
}
_THE_APP = ClientApp(
    id=11,
    name="Shop",
    secret="app-secret",
    redirect_uris=("https://shop.example/back",),
    config={"theme": "dark"},
)
_CONFIG = {"connectors.enable_new": "0", "biapi.manager.email": "", "callback_url": None}
_PROVIDER = {"id": 2, "type": "hmac_signature", "name": "signer"}
_THE_PROVIDER = WebhookAuthProvider(id=2, type=WebhookAuthType.HMAC_SIGNATURE, name="signer")
_CREATED_PROVIDER = {**_PROVIDER, "config": {"secret_key": "s3cret"}}
_THE_CREATED_PROVIDER = WebhookAuthProvider(
    id=2,
    type=WebhookAuthType.HMAC_SIGNATURE,
    name="signer",
    config=WebhookHmacConfig(secret_key="s3cret"),
)
_HOOK = {"id": 4, "url": URL, "id_auth": 2, "created": "2024-02-29 12:34:56", "deleted": None}
_THE_HOOK = Webhook(id=4, url=URL, id_auth=2, created=WHEN)
_KEY = {"id": 6, "public_key": "-----BEGIN PUBLIC KEY-----", "deprecated": "2024-02-29 12:34:56"}
_THE_KEY = SignKey(id=6, public_key="-----BEGIN PUBLIC KEY-----", deprecated=WHEN)

_ENDPOINT = {
    "url": "https://app.example/token",
    "client_id": "powens",
    "client_secret": "s3cret",
    "grant_type": "client_credentials",
}
_CERTIFICATES = {"public_cert": "PUBLIC", "private_cert": "PRIVATE"}

METHODS = {
    "client_applications.create": Method(_APP, _THE_APP, status=201),
    "client_applications.list": Method(
        {"clients": [_APP], "total": 1}, ClientAppsList(clients=(_THE_APP,), total=1)
    ),
    "client_applications.list_all": Method(
        {"clients": [_APP]}, ClientAppsList(clients=(_THE_APP,))
    ),
    "client_applications.get": Method(_APP, _THE_APP),
    "client_applications.update": Method(_APP, _THE_APP),
    "client_applications.delete": Method(None, None, status=204),
    "client_applications.update_logo": Method({"id": 8}, None),
    "configuration.get": Method(_CONFIG, _CONFIG),
    "configuration.update": Method(_CONFIG, _CONFIG),
    "configuration.list_logs": Method(
        {
            "configlogs": [
                {
                    "id": 1,
                    "key": "oauth2.enabled",
                    "previous_value": None,
                    "new_value": "1",
                    "type": "add",
                    "timestamp": "2024-02-29 12:34:56",
                }
            ],
            "total": 1,
        },
        ConfigLogsList(
            configlogs=(
                ConfigLog(
                    id=1,
                    key="oauth2.enabled",
                    new_value="1",
                    type=ConfigLogType.ADD,
                    timestamp=WHEN,
                ),
            ),
            total=1,
        ),
    ),
    "configuration.get_certificate": Method(
        {"id": 3, "type": "eidas", "id_public_key_file": 5, "created": "2024-02-29 12:34:56"},
        Certificate(id=3, type="eidas", id_public_key_file=5, created=WHEN),
    ),
    "webhook_auth_providers.create": Method(_CREATED_PROVIDER, _THE_CREATED_PROVIDER),
    "webhook_auth_providers.list": Method(
        {"authproviders": [_PROVIDER]}, WebhookAuthProvidersList(authproviders=(_THE_PROVIDER,))
    ),
    "webhook_auth_providers.list_all": Method(
        {"authproviders": [_PROVIDER]}, WebhookAuthProvidersList(authproviders=(_THE_PROVIDER,))
    ),
    "webhook_auth_providers.update": Method(_PROVIDER, _THE_PROVIDER),
    "webhook_auth_providers.delete": Method(None, None, status=204),
    "webhooks.list": Method(
        {"webhooks": [_HOOK], "total": 1}, WebhooksList(webhooks=(_THE_HOOK,), total=1)
    ),
    "webhooks.list_all": Method({"webhooks": [_HOOK]}, WebhooksList(webhooks=(_THE_HOOK,))),
    "webhooks.create": Method(_HOOK, _THE_HOOK),
    "webhooks.update": Method(_HOOK, _THE_HOOK),
    # It answers what it switched off, which says nothing new.
    "webhooks.delete": Method(_HOOK, None),
    "webhooks.list_logs": Method(
        {"webhooklogs": [{"id": 9, "response_code": 500, "timestamp": "2024-02-29 12:34:56"}]},
        WebhookLogsList(webhooklogs=(WebhookLog(id=9, response_code=500, timestamp=WHEN),)),
    ),
    "webhooks.trigger_test": Method(None, None),
    # Whether these need a token is documented nowhere.
    "security.get_public_key": Method(
        {"kty": "RSA", "kid": "k1", "n": "sXch", "e": "AQAB", "use": "enc"},
        JWK(kty="RSA", kid="k1", n="sXch", e="AQAB"),
        needed=False,
    ),
    "security.list_sign_keys": Method([_KEY], SignKeysList(keys=(_THE_KEY,)), needed=False),
    "security.get_sign_key": Method(_KEY, _THE_KEY, needed=False),
}

CALLS = [
    Call("client_applications.create", "POST /clients", {}),
    Call(
        "client_applications.create",
        "POST /clients",
        {
            "generate_keys": True,
            "name": "Shop",
            "redirect_uris": "https://shop.example/back",
            "config": "{}",
        },
        generate_keys=True,
        name="Shop",
        redirect_uris="https://shop.example/back",
        config="{}",
    ),
    Call("client_applications.list", "GET /clients"),
    Call(
        "client_applications.list", "GET /clients?limit=10&offset=20", limit=10, cursor="offset=20"
    ),
    Call("client_applications.list_all", "GET /clients"),
    Call("client_applications.get", f"GET {APP}", client_app_id=11),
    Call("client_applications.update", f"PUT {APP}", {}, client_app_id=11),
    Call(
        "client_applications.update",
        f"PUT {APP}",
        {"name": None, "redirect_uris": None, "primary_color": None, "config": None},
        client_app_id=11,
        name=None,
        redirect_uris=None,
        primary_color=None,
        config=None,
    ),
    Call(
        "client_applications.update",
        f"PUT {APP}",
        {
            "generate_keys": False,
            "name": "Shop",
            "secret": "new-secret",
            "redirect_uris": "https://shop.example/back",
            "primary_color": "00ff7f",
            "config": {"theme": "dark"},
            "update_config": False,
        },
        client_app_id=11,
        generate_keys=False,
        name="Shop",
        secret="new-secret",
        redirect_uris="https://shop.example/back",
        primary_color="00ff7f",
        config={"theme": "dark"},
        update_config=False,
    ),
    Call("client_applications.delete", f"DELETE {APP}", client_app_id=11),
    Call(
        "client_applications.update_logo",
        f"POST {APP}/logo",
        {"file": ("logo.png", "image/png", PNG)},
        client_app_id=11,
        file=Upload(name="logo.png", content=PNG, media_type="image/png"),
    ),
    Call(
        "client_applications.update_logo",
        f"POST {APP}/logo",
        # The caller knows the type, the name is only a name.
        {"file": ("logo.png", "application/octet-stream", b"GIF89a")},
        client_app_id=11,
        file=Upload(name="logo.png", content=b"GIF89a"),
    ),
    Call("configuration.get", "GET /config"),
    Call("configuration.get", "GET /config?search=payment.", search="payment."),
    Call(
        "configuration.update",
        "POST /config",
        {
            "payment.auto_confirmation": "0",
            "oauth2.enabled": "1",
            "payment.manual_expire_time_days": "30",
            "biapi.manager.email": "",
            "callback_url": None,
        },
        body={
            ConfigurationKey.PAYMENT_AUTO_CONFIRMATION: False,
            "oauth2.enabled": True,
            "payment.manual_expire_time_days": 30,
            "biapi.manager.email": "",
            "callback_url": None,
        },
    ),
    Call(
        "configuration.update",
        "POST /config?search=a%26b",
        {"force_pdf": "0"},
        body={"force_pdf": "0"},
        search="a&b",
    ),
    Call("configuration.list_logs", "GET /config/logs"),
    Call(
        "configuration.list_logs",
        "GET /config/logs?search=oauth2&type=delete&min_date=2024-02-29&max_date=2024-03",
        search="oauth2",
        type_=ConfigLogType.DELETE,
        min_date=WHEN,
        max_date="2024-03",
    ),
    Call("configuration.get_certificate", "GET /certificate/eidas", certificate_type="eidas"),
    Call(
        "webhook_auth_providers.create",
        f"POST {AUTH}",
        {"type": "hmac_signature", "name": "signer"},
        type_=WebhookAuthType.HMAC_SIGNATURE,
        name="signer",
    ),
    Call(
        "webhook_auth_providers.create",
        f"POST {AUTH}",
        {"type": "oauth", "name": "tokens", "config": _ENDPOINT},
        type_="oauth",
        name="tokens",
        config=WebhookOAuthConfig(**_ENDPOINT),
    ),
    Call("webhook_auth_providers.list", f"GET {AUTH}"),
    Call("webhook_auth_providers.list", f"GET {AUTH}?limit=1000", limit=1000),
    Call("webhook_auth_providers.list_all", f"GET {AUTH}"),
    Call("webhook_auth_providers.list_all", f"GET {AUTH}?limit=1000", limit=1000),
    Call(
        "webhook_auth_providers.update",
        f"PUT {AUTH}/2",
        {"type": "hmac_signature", "name": "signer2"},
        auth_provider_id=2,
        type_="hmac_signature",
        name="signer2",
    ),
    Call(
        "webhook_auth_providers.update",
        f"PUT {AUTH}/2",
        {"type": "oauth", "name": "tokens", "config": _ENDPOINT | _CERTIFICATES},
        auth_provider_id=2,
        type_=WebhookAuthType.OAUTH,
        name="tokens",
        config=WebhookOAuthConfig(**_ENDPOINT, **_CERTIFICATES),
    ),
    Call("webhook_auth_providers.delete", f"DELETE {AUTH}/2", auth_provider_id=2),
    Call("webhooks.list", "GET /webhooks"),
    Call("webhooks.list_all", "GET /webhooks"),
    Call(
        "webhooks.create",
        "POST /webhooks",
        {"url": URL, "event": "CONNECTION_SYNCED"},
        url=URL,
        event=WebhookEvent.CONNECTION_SYNCED,
    ),
    Call(
        "webhooks.create",
        "POST /webhooks",
        {
            "url": URL,
            "event": "NEW_EVENT",
            "id_auth": "signer",
            "id_user": 7,
            "id_service": 1,
            "params": {"type": "header", "key": "x-env", "value": "test"},
        },
        url=URL,
        event="NEW_EVENT",
        id_auth="signer",
        id_user=7,
        id_service=1,
        params={"type": "header", "key": "x-env", "value": "test"},
    ),
    Call("webhooks.update", f"PUT {HOOK}", {}, webhook_id=4),
    # The API takes a word for what switches a webhook on again.
    Call("webhooks.update", f"PUT {HOOK}", {"deleted": "null"}, webhook_id=4, deleted=None),
    Call(
        "webhooks.update",
        f"PUT {HOOK}",
        {"deleted": "2024-02-29 23:00:00"},
        webhook_id=4,
        deleted=AWARE,
    ),
    Call(
        "webhooks.update",
        f"PUT {HOOK}",
        {
            "url": URL,
            "event": "USER_DELETED",
            "id_auth": 2,
            "id_user": None,
            "id_service": 1,
            "deleted": "2024-02-29 12:34:56",
        },
        webhook_id=4,
        url=URL,
        event=WebhookEvent.USER_DELETED,
        id_auth=2,
        id_user=None,
        id_service=1,
        deleted=WHEN,
    ),
    Call("webhooks.delete", f"DELETE {HOOK}", webhook_id=4),
    Call("webhooks.list_logs", f"GET {HOOK}/logs", webhook_id=4),
    Call(
        "webhooks.list_logs",
        f"GET {HOOK}/logs?id_user=7&min_date=2024-02-29&max_date=2024-03&limit=10&offset=20",
        webhook_id=4,
        id_user=7,
        min_date=dt.date(2024, 2, 29),
        max_date="2024-03",
        limit=10,
        cursor="offset=20",
    ),
    Call("webhooks.trigger_test", "POST /test/webhooks"),
    Call("security.get_public_key", "GET /publickey"),
    Call("security.list_sign_keys", "GET /sign-keys"),
    Call("security.get_sign_key", "GET /sign-keys/6", key_id=6),
]
