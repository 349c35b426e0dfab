import itertools
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwe
from joserfc.jwk import RSAKey

from powens._codec import decode
from powens.models import (
    Connector,
    ConnectorsList,
    Payment,
    PaymentAction,
    PaymentConnectorIncompatibilityCode,
    PaymentErrorCode,
    PaymentIncompatibilitiesList,
    PaymentScopedToken,
    PaymentsList,
    PaymentState,
    PaymentTerms,
    TermsContent,
)
from powens.models import (
    TestConnectorPayUseCase as UseCase,
)
from powens.sandbox import Sandbox

TEST = "338178e6-3d01-564f-9a7b-52ca442459bf"
IBAN = "FR1420041010050500013M02606"
OTHER_IBAN = "DE89370400440532013000"
ACCOUNT = {"scheme_name": "iban", "identification": IBAN, "label": "Atelier Garance"}
PERSON = {"first_name": "Anouk", "last_name": "Tessier", "email": "anouk@mail.example"}
BACK = "https://shop.example/paid"
VIEW = "https://shop.example/view?step=1"
MISSING = object()


def instruction(**more):
    return {
        "amount": 12.5,
        "currency": "EUR",
        "label": "Commande 42",
        "execution_date_type": "first_open_day",
        "beneficiary": ACCOUNT,
        "beneficiary_identity": PERSON,
    } | more


def order(*instructions, **more):
    return {"client_redirect_uri": BACK, "instructions": [*instructions] or [instruction()]} | more


def service_token(powens, api, *scopes):
    body = {"client_id": powens.client_id, "client_secret": powens.client_secret}
    return api.ask("POST", "/auth/token", json=body | {"scope": scopes})["token"]


@pytest.fixture
def service(powens, api, api_of):
    """Makes clients with a token of some scopes."""

    def make(*scopes):
        return api_of(powens, service_token(powens, api, *scopes))

    return make


@pytest.fixture(scope="module")
def still_shop(still_api):
    """A shop whose payments nobody else looks at."""
    token = service_token(Sandbox(), still_api, "payments:admin")
    still_api.headers["authorization"] = f"Bearer {token}"
    return still_api


@pytest.fixture
def shop(service):
    return service("payments:admin")


@pytest.fixture
def encrypt(api):
    def encrypt(text):
        jwk = api.ask("GET", "/publickey")
        header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": jwk["kid"]}
        return jwe.encrypt_compact(
            header, text, RSAKey.import_key(jwk), algorithms=["RSA-OAEP-256", "A256GCM"]
        )

    return encrypt


@pytest.fixture
def start(shop, encrypt):
    """Makes a payment and starts its validation at the test connector, by a use case."""

    def start(case="legacy", *instructions, **more):
        number = shop.ask("POST", "/payments", json=order(*instructions, **more))["id"]
        body = {
            "connector_uuid": TEST,
            "validate_mechanism": "webauth",
            "webview_url": VIEW,
            "validated": True,
            "fields": {"use_case_pay": encrypt(case)},
        }
        return shop.ask("POST", f"/payments/{number}", json=body)

    return start


@pytest.fixture
def act(shop):
    def act(payment, status=200, **body):
        return shop.ask("POST", f"/payments/{payment['id']}", status, json=body)

    return act


@pytest.fixture
def look(service):
    def look(payment):
        answer = service("payments:read-only").get(f"/payments/{payment['id']}")
        model = decode(answer.content, Payment)
        assert type(model.state) is PaymentState
        assert model.action is None or type(model.action) is PaymentAction
        return model

    return look


def visit(payment, **query):
    return httpx.get(payment["validate_uri"], params=query)


def test_creation(powens, shop):
    made = shop.ask("POST", "/payments", json=order(client_state="a b"))
    assert made["state"] == "created"
    assert made["register_date"].startswith("2026-01-31 09:00:")
    assert made["client_state"] == "a b"
    assert made["connector_uuid"] is made["action"] is made["validate_uri"] is None
    (paid,) = made["instructions"]
    assert str(paid["amount"]) == "12.5000000000"
    assert paid["currency"]["id"] == "EUR"
    assert paid["reference_id"]
    assert paid["state"] is None
    assert shop.ask("GET", f"/payments/{made['id']}") == made
    shop.ask("GET", f"/payments/{made['id'] + 1}", 404)


def test_every_field_of_the_model_is_answered(still_shop):
    made = still_shop.ask("POST", "/payments", json=order(payer=ACCOUNT, payer_identity=PERSON))
    assert {*Payment.__annotations__} <= made.keys()


@pytest.mark.parametrize("amount", ["12.50", 12.5, "1e1", 3])
def test_amounts_as_numbers_and_as_text(still_shop, amount):
    made = still_shop.ask("POST", "/payments", json=order(instruction(amount=amount)))
    assert made["instructions"][0]["amount"] == Decimal(str(amount))


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("amount", MISSING, "missingParameter"),
        ("amount", 0, "invalidValue"),
        ("amount", -1, "invalidValue"),
        ("amount", "ten", "invalidValue"),
        ("amount", "NaN", "invalidValue"),
        ("amount", "1e999999999", "invalidValue"),
        ("amount", "12.505", "invalidValue"),
        ("amount", True, "invalidValue"),
        ("amount", [], "invalidValue"),
        ("currency", MISSING, "missingParameter"),
        ("currency", "EURO", "invalidValue"),
        ("currency", "BTC", "invalidValue"),
        ("currency", {"id": "EUR"}, "invalidValue"),
        ("label", "", "missingParameter"),
        ("label", 7, "invalidValue"),
        ("execution_date_type", "soon", "invalidValue"),
        ("execution_date_type", "deferred", "missingParameter"),
        ("execution_date_type", "periodic", "missingParameter"),
        ("beneficiary", MISSING, "missingParameter"),
        ("beneficiary", IBAN, "invalidValue"),
        ("beneficiary", ACCOUNT | {"identification": IBAN[:-1] + "7"}, "invalidValue"),
        ("beneficiary", ACCOUNT | {"identification": "é" * 20}, "invalidValue"),
        ("beneficiary", ACCOUNT | {"scheme_name": "name"}, "invalidValue"),
        ("beneficiary", {"identification": IBAN, "label": "x"}, "missingParameter"),
        ("beneficiary_identity", {"first_name": "Anouk"}, "missingParameter"),
        ("beneficiary_identity", PERSON | {"kind": "robot"}, "invalidValue"),
        ("beneficiary_identity", {"kind": "corporate", "org_name": "x"}, "missingParameter"),
        (
            "beneficiary_identity",
            {"kind": "corporate", "scheme_name": "passport_number", "identification": "1"},
            "invalidValue",
        ),
        ("beneficiary_identity", PERSON | {"birth_date": "once"}, "invalidValue"),
        ("beneficiary_identity", PERSON | {"email": "x" * 256}, "invalidValue"),
    ],
)
def test_what_an_instruction_needs(still_shop, name, value, code):
    body = instruction(**{name: value})
    if value is MISSING:
        del body[name]
    error = still_shop.ask("POST", "/payments", 400, json=order(body))
    assert error["code"] == code
    assert "instructions[0]." in error["description"]
    assert IBAN not in str(error)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"client_redirect_uri": None}, "missingParameter"),
        ({"client_redirect_uri": f"{BACK}?with=query"}, "invalidValue"),
        ({"client_redirect_uri": "http://["}, "invalidValue"),
        ({"client_redirect_uri": "nowhere"}, None),
        ({"client_state": "x" * 2001}, "invalidValue"),
        ({"instructions": None}, "missingParameter"),
        ({"instructions": []}, "invalidValue"),
        ({"instructions": [1]}, "invalidValue"),
        ({"instructions": {"amount": 1}}, "invalidValue"),
        ({"payer": 1}, "invalidValue"),
        ({"operator_identity": {"kind": "corporate"}}, "missingParameter"),
    ],
)
def test_what_a_payment_needs(still_shop, more, code):
    error = still_shop.ask("POST", "/payments", 400, json=order(**more))
    assert error["code"] == (code or "invalidValue")


@pytest.mark.parametrize(
    "wrong",
    [
        [instruction(), instruction(execution_date_type="instant")],
        [
            instruction(execution_date_type="deferred", execution_date=f"2026-03-0{day}")
            for day in (1, 2)
        ],
        [instruction(execution_date_type="periodic", start_date="2026-03-01", frequency="monthly")]
        * 2,
        [instruction(execution_date_type="deferred", execution_date="2026-01-30")],
        [
            instruction(
                execution_date_type="periodic",
                start_date="2026-03-01",
                end_date="2026-02-01",
                frequency="monthly",
            )
        ],
        [instruction(execution_date_type="periodic", start_date="2026-03-01", frequency="hourly")],
    ],
)
def test_instructions_that_do_not_go_together(still_shop, wrong):
    assert still_shop.ask("POST", "/payments", 400, json=order(*wrong))["code"] == "invalidValue"


def test_which_connector(still_shop):
    still_shop.ask("POST", "/payments", 404, json=order(connector_uuid="none"))
    assert (
        still_shop.ask("POST", "/payments", 400, json=order(id_connector=4))["code"]
        == "notSupported"
    )
    bulk = order(instruction(), instruction(), id_connector=1)
    assert still_shop.ask("POST", "/payments", 400, json=bulk)["code"] == "notSupported"
    assert still_shop.ask("POST", "/payments", json=order(id_connector=1))["id_connector"] == 1


def test_the_limit_of_the_domain(powens, shop, api_of):
    config = api_of(powens, powens.config_token)
    config.ask("POST", "/config", json={"payment.max_amount": "20"})
    shop.ask("POST", "/payments", json=order())
    assert shop.ask("POST", "/payments", 400, json=order(*[instruction()] * 2))


@pytest.mark.parametrize("case", UseCase)
def test_each_use_case_comes_to_its_end(powens, start, act, look, case):
    payment = start(case)
    assert payment["state"] == "validating"
    assert payment["connector_uuid"] == TEST
    answers = {
        "decoupled": {"resume": True},
        "psuValidation": {"psu_validate": True},
        "openapisms": {"fields": {"openapisms": "1234"}},
        "account_id": {"fields": {"account_id": "main"}},
    }
    for _ in range(6):
        model = look(payment)
        if model.state != "validating":
            break
        if model.action == "redirect":
            assert visit({"validate_uri": model.validate_uri}).headers["location"] == VIEW
        else:
            assert model.action
            asked = model.fields[0].name if model.fields else model.action
            act(payment, **answers[asked])
    failed = {UseCase.DECOUPLED_CANCELLED, UseCase.DECOUPLED_EXPIRED}
    assert look(payment).state == ("rejected" if case in failed else "pending")
    powens.advance(15 * 60)
    last = look(payment)
    assert last.state == ("rejected" if case in failed else "done")
    if case in failed:
        assert type(last.error_code) is PaymentErrorCode
    else:
        assert last.validate_date
        assert last.instructions[0].state == "done"


def test_redirect(start, look, act):
    payment = start("redirect")
    assert payment["action"] == "redirect"
    assert visit(payment).headers["location"] == VIEW
    assert visit(payment).status_code == 404
    assert look(payment).action == "psuValidation"
    refused = act(payment, psu_validate=False)
    assert (refused["state"], refused["error_code"]) == ("rejected", "CancelledByUser")


def test_refusal_on_the_banks_page(start, look):
    payment = start("redirect_no_confirmation")
    assert visit(payment, deny="1").headers["location"] == VIEW
    assert look(payment).state == "rejected"
    assert look(payment).error_code == PaymentErrorCode.CANCELLED_BY_USER


def test_decoupled_shows_a_text_meanwhile(start, act):
    payment = start("decoupled")
    assert payment["error_description"]
    assert payment["error_code"] is None
    again = act(payment, resume=True)
    assert again["action"] == "decoupled"
    assert act(payment, resume=False)["action"] == "decoupled"
    assert act(payment, resume=True)["state"] == "pending"


def test_a_wrong_code(start, act):
    payment = start("otp_plus_decoupled")
    assert isinstance(payment["fields"], list)
    wrong = act(payment, fields={"openapisms": "4321"})
    assert wrong["action"] == "additionalInformationNeeded"
    assert wrong["error_description"]
    assert act(payment, 400, fields={"other": "1234"})["code"] == "invalidValue"
    assert act(payment, 400, fields="1234")["code"] == "invalidValue"
    right = act(payment, fields={"openapisms": "1234"})
    assert right["action"] == "decoupled"
    assert right["fields"] is None


def test_the_choice_of_an_account_is_an_object_by_name(start, act, look):
    payment = start("account_choice")
    assert payment["fields"].keys() == {"account_id"}
    assert [each.name for each in look(payment).fields] == ["account_id"]
    assert act(payment, 400, fields={"account_id": "third"})["code"] == "invalidValue"
    ended = act(payment, fields={"account_id": "snd"})
    assert (ended["state"], ended["error_code"]) == ("rejected", "invalidEmitter")


def test_steps_out_of_turn(start, act, shop):
    payment = start("redirect")
    for body in ({"resume": True}, {"confirm": True}, {"fields": {}}, {"psu_validate": True}):
        assert act(payment, 409, **body)["code"] == "conflict"
    assert act(payment, 409, webview_url=VIEW, connector_uuid=TEST)["code"] == "conflict"
    assert act(payment, 400)["code"] == "missingParameter"


def test_confirmation_by_the_merchant(powens, start, act, api_of, service):
    config = api_of(powens, powens.config_token)
    config.ask("POST", "/config", json={"payment.auto_confirmation": "0"})
    for answer, state in ((True, "pending"), (False, "rejected")):
        payment = start("redirect_no_confirmation")
        visit(payment)
        service("payments:validate").ask(
            "POST", f"/payments/{payment['id']}", 403, json={"confirm": True}
        )
        ended = act(payment, confirm=answer)
        assert ended["state"] == state
    assert ended["error_code"] == "confirmationRefused"


PHASES = {
    "pdng": "pending",
    "canc": "rejected",
    "rjct": "rejected",
    "err": "pending",
    "bug": "pending",
    "done": "done",
}


@pytest.mark.parametrize(("when", "seconds"), [("first_open_day", 900), ("instant", 15)])
def test_phases_in_the_label(powens, start, look, when, seconds):
    expected = {}
    for phases in [*itertools.permutations(PHASES, 2), ("pdng", "pdng", "rjct"), ("done",)]:
        label = f"{'/'.join(phases)} - Loyer"
        payment = start("legacy", instruction(label=label, execution_date_type=when))
        visit(payment)
        agreed = look(payment).validate_date
        expected[payment["id"], agreed] = phases
    for (number, agreed), phases in expected.items():
        state = "pending"
        for place, phase in enumerate(phases):
            state = state if state in {"done", "rejected"} else PHASES[phase]
            now = agreed + timedelta(seconds=seconds * place)
            outlook = powens._world.payments.get(number).look(now)
            assert outlook.state == state, phases
            assert outlook.instructions == (state,)


def test_errors_of_phases(powens, start, look):
    payment = start("legacy", instruction(label="err/bug/rjct - x"))
    visit(payment)
    for code in ("websiteUnavailable", "bug", "noSpecifiedReason"):
        assert look(payment).error_code == code
        powens.advance(900)


def test_a_label_of_no_phases(start, look):
    payment = start("legacy", instruction(label="donations"))
    visit(payment)
    assert look(payment).state == "pending"


@pytest.mark.parametrize(
    ("labels", "state", "states"),
    [
        (("done - a", "done - b"), "done", ["done", "done"]),
        (("done - a", "rjct - b"), "partial", ["done", "rejected"]),
        (("rjct - a", "rjct - b"), "rejected", ["rejected", "rejected"]),
        (("done - a", "pdng - b"), "pending", ["done", "pending"]),
        (("rjct - a", "b"), "rejected", ["rejected", "rejected"]),
    ],
)
def test_bulk(start, look, labels, state, states):
    payment = start("legacy", *[instruction(label=label) for label in labels])
    visit(payment)
    assert look(payment).state == state
    assert [each.state for each in look(payment).instructions] == states


def test_a_day_to_come(powens, start, look):
    payment = start(
        "legacy",
        instruction(label="done - x", execution_date_type="deferred", execution_date="2026-02-10"),
    )
    visit(payment)
    assert look(payment).state == "pending"
    powens.advance(10 * 86_400)
    assert look(payment).state == "accepted"


def test_again_and_again(powens, start, look):
    plan = {"execution_date_type": "periodic", "start_date": "2026-02-10", "frequency": "monthly"}
    endless = start("legacy", instruction(**plan))
    ended = start("legacy", instruction(**plan, end_date="2026-06-10"))
    for payment in (endless, ended):
        visit(payment)
    powens.advance(140 * 86_400)
    assert look(endless).state == "pending"
    assert look(ended).state == "done"


def test_expiry(powens, service, start, look, api_of):
    waiting = start("redirect")
    stuck = start("legacy", instruction(label="pdng - x"))
    visit(stuck)
    powens.advance(31 * 86_400)
    assert look(waiting).state == look(stuck).state == "expired"
    assert look(waiting).action is None
    assert visit(waiting).status_code == 404
    config = api_of(powens, powens.config_token)
    config.ask("POST", "/config", json={"payment.manual_expire_time_days": "1"})
    config.ask("POST", "/config", 400, json={"payment.manual_expire_time_days": "some"})
    brief = service("payments:admin").ask("POST", "/payments", json=order())
    powens.advance(86_400 - 60)
    assert look(brief).state == "created"
    powens.advance(60)
    assert look(brief).state == "expired"


def test_cancelling_before_the_validation(shop, act):
    payment = shop.ask("POST", "/payments", json=order())
    assert act(payment, 400, cancel=True)["code"] == "missingParameter"
    wrong = act(payment, 400, cancel=True, client_redirect_uri=f"{BACK}?x=1")
    assert wrong["code"] == "invalidValue"
    assert act(payment, 400, cancel=False, client_redirect_uri=BACK)["code"] == "invalidValue"
    ended = act(payment, cancel=True, client_redirect_uri=BACK)
    assert (ended["state"], ended["error_code"]) == ("rejected", "CancelledByClient")
    assert act(payment, 400, cancel=True, client_redirect_uri=BACK)["code"] == "notSupported"


@pytest.mark.parametrize("deny", [False, True])
def test_cancelling_at_the_bank(start, act, look, deny):
    payment = start("legacy", instruction(label="pdng - x"))
    visit(payment)
    waiting = act(payment, cancel=True, client_redirect_uri=BACK, client_state="s&t")
    assert (waiting["state"], waiting["state_detail"]) == ("pending", "cancelling")
    back = urlsplit(visit(waiting, **({"deny": "1"} if deny else {})).headers["location"])
    assert parse_qs(back.query) == {
        "id_payment": [str(payment["id"])],
        "state": ["s&t"],
        "payment_state": ["pending" if deny else "rejected"],
    }
    ended = look(payment)
    assert ended.state_detail is None
    # Spelled unlike the code of a payer who refuses.
    assert ended.error_code == (None if deny else PaymentErrorCode.CANCELLED_BY_USER)


def test_what_cannot_be_cancelled(start, act):
    instant = start("legacy", instruction(execution_date_type="instant"))
    validating = start("redirect")
    visit(instant)
    for payment in (instant, validating):
        assert act(payment, 400, cancel=True, client_redirect_uri=BACK)["code"] == "notSupported"


@pytest.mark.parametrize(("number", "outcome"), [(1, 400), (2, 200)])
def test_banks_differ_in_cancelling(shop, act, number, outcome):
    payment = shop.ask("POST", "/payments", json=order(id_connector=number))
    act(payment, webview_url=VIEW, validated=True)
    if number == 1:
        visit(shop.ask("GET", f"/payments/{payment['id']}"))
        act(payment, psu_validate=True)
    else:
        act(payment, fields={"openapisms": "1234"})
    ended = act(payment, outcome, cancel=True, client_redirect_uri=BACK)
    assert ended.get("state", ended.get("code")) == (
        "rejected" if outcome == 200 else "notSupported"
    )


def test_validation_later(shop, act):
    payment = shop.ask("POST", "/payments", json=order())
    body = {"connector_uuid": TEST, "webview_url": VIEW, "website": "here"}
    chosen = act(payment, **body)
    assert chosen["state"] == "created"
    assert (chosen["connector_uuid"], chosen["website"]) == (TEST, "here")
    assert act(payment, **body, validated=True)["state"] == "validating"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"webview_url": VIEW}, 400, "missingParameter"),
        ({"validated": True, "connector_uuid": TEST}, 400, "missingParameter"),
        ({"webview_url": VIEW, "connector_uuid": "none"}, 404, "notFound"),
        ({"webview_url": VIEW, "id_connector": 4}, 400, "notSupported"),
        ({"webview_url": VIEW, "id_connector": 3}, 400, "missingParameter"),
        (
            {"webview_url": VIEW, "connector_uuid": TEST, "validate_mechanism": "magic"},
            400,
            "invalidValue",
        ),
        (
            {"webview_url": VIEW, "connector_uuid": TEST, "fields": {"use_case_pay": "redirect"}},
            400,
            "keymanager",
        ),
    ],
)
def test_what_a_validation_needs(still_shop, body, status, code):
    payment = still_shop.ask("POST", "/payments", json=order())
    error = still_shop.ask("POST", f"/payments/{payment['id']}", status, json=body)
    assert error["code"] == code
    assert still_shop.ask("GET", f"/payments/{payment['id']}") == payment


def test_fields_of_a_validation(shop, act, encrypt):
    payment = shop.ask("POST", "/payments", json=order())
    for fields in ({"use_case_pay": encrypt("nothing")}, {"elsewhere": encrypt("redirect")}):
        body = {"connector_uuid": TEST, "webview_url": VIEW, "fields": fields}
        error = act(payment, 400, **body)
        assert error["code"] == "invalidValue"
        assert "fields." in error["description"]


def test_the_payer_of_a_validation(shop, act):
    instant = instruction(execution_date_type="instant")
    payment = shop.ask("POST", "/payments", json=order(instant))
    body = {"id_connector": 3, "webview_url": VIEW, "validated": True}
    started = act(payment, **body, payer=ACCOUNT | {"issuer": "FRAUFRP1"})
    assert started["action"] == "decoupled"
    assert started["payer"]["identification"] == IBAN
    assert started["payer"]["bic"] == "FRAUFRP1"


SCOPES = ("payments:read-only", "payments:validate", "payments:cancel", "payment-links:admin")


@pytest.mark.parametrize("scope", SCOPES)
def test_scopes(shop, service, scope):
    payment = shop.ask("POST", "/payments", json=order())
    own, path = service(scope), f"/payments/{payment['id']}"
    pays = scope.startswith("payments:")
    assert own.get("/payments").status_code == own.get(path).status_code == (200 if pays else 403)
    own.ask("POST", "/payments", 403, json=order())
    validated = own.post(path, json={"webview_url": VIEW, "connector_uuid": TEST})
    assert validated.status_code == (200 if scope == "payments:validate" else 403)
    cancelled = own.post(path, json={"cancel": True, "client_redirect_uri": BACK})
    assert cancelled.status_code == (200 if scope == "payments:cancel" else 403)


def test_other_tokens_open_no_payment(powens, api, api_of):
    api.ask("GET", "/payments", 403)
    api_of(powens, powens.config_token).ask("GET", "/payments", 403)
    assert httpx.get(f"{powens.base_url}/payments").status_code == 401


def test_the_old_name_of_the_scope(service):
    service("payments").ask("POST", "/payments", json=order())


def test_a_service_token_ends(powens, shop):
    powens.advance(1800)
    shop.ask("GET", "/payments", 401)


def test_a_token_for_one_payment(powens, shop, api_of):
    payment, other = (shop.ask("POST", "/payments", json=order())["id"] for _ in range(2))
    path = f"/payments/{payment}/scopedtoken"
    answer = shop.post(path, json={"scope": ["payments:validate", "payments:cancel"]})
    made = decode(answer.content, PaymentScopedToken)
    assert made.scope == "payments:validate payments:cancel"
    assert made.id_payment == payment
    assert made.expires_in == 604_800
    own = api_of(powens, made.token)
    own.ask("GET", f"/payments/{payment}")
    own.ask("GET", f"/payments/{other}", 403)
    own.ask("POST", f"/payments/{other}/scopedtoken", 403, json={"scope": "payments:validate"})
    own.ask("GET", "/payments", 403)
    own.ask("POST", "/payments", 403, json=order())
    powens.advance(604_799)
    own.ask("GET", f"/payments/{payment}")
    powens.advance(1)
    own.ask("GET", f"/payments/{payment}", 401)


@pytest.mark.parametrize(
    "scope", ["payments:admin", "payments", "payment-links:admin", [], ["payments:cancel", 1], 7]
)
def test_scopes_that_one_payment_does_not_have(still_shop, scope):
    payment = still_shop.ask("POST", "/payments", json=order())["id"]
    error = still_shop.ask("POST", f"/payments/{payment}/scopedtoken", 400, json={"scope": scope})
    assert error["code"] in {"invalidValue", "missingParameter"}


@pytest.mark.parametrize("scope", ["payments:validate", "payments:allow-sensitive"])
def test_sensitive_values(shop, service, scope):
    body = order(payer_identity=PERSON | {"external_ref": "ref"})
    path = f"/payments/{shop.ask('POST', '/payments', json=body)['id']}"
    hidden = shop.ask("GET", path)["payer_identity"]
    assert hidden["external_ref"] == "ref"
    assert not PERSON.keys() & hidden.keys()
    shop.ask("GET", f"{path}?show_sensitive=true", 403)
    shop.ask("GET", "/payments?show_sensitive=true", 403)
    own = service(scope)
    assert own.ask("GET", f"{path}?show_sensitive=false")["payer_identity"] == hidden
    shown = own.ask("GET", f"{path}?show_sensitive=true")
    assert PERSON.items() <= shown["payer_identity"].items()
    assert PERSON.items() <= shown["instructions"][0]["beneficiary_identity"].items()
    (listed,) = own.ask("GET", "/payments?show_sensitive=true")["payments"]
    assert listed == shown


@pytest.fixture
def several(shop, act):
    """Four payments: at the bank, refused, waiting, and of no bank."""
    variants = (
        {"id_connector": 2, "payer": ACCOUNT | {"identification": OTHER_IBAN}},
        {"id_connector": 1},
        {"connector_uuid": TEST, "instructions": [instruction(amount=40)] * 2},
        {"instructions": [instruction(amount=1, execution_date_type="instant")]},
    )
    made = [shop.ask("POST", "/payments", json=order(**more)) for more in variants]
    done, refused, *_ = made
    act(done, webview_url=VIEW, validated=True, website="pro")
    act(done, fields={"openapisms": "1234"})
    act(refused, cancel=True, client_redirect_uri=BACK)
    return [each["id"] for each in made]


QUERIES = [
    ({}, [3, 2, 1, 0]),
    ({"reverse": "true"}, [0, 1, 2, 3]),
    ({"limit": 2}, [3, 2]),
    ({"limit": 2, "offset": 3}, [0]),
    ({"connector_uuid": TEST}, [2]),
    ({"connector_uuid": "null"}, [3]),
    ({"id_connector": 1}, [1]),
    ({"id_connector": "null"}, [3]),
    ({"state": "rejected"}, [1]),
    ({"state": "pending"}, [0]),
    ({"error_code": "cancelledbyclient"}, [1]),
    ({"website": "pro"}, [0]),
    ({"payer_identification": OTHER_IBAN}, [0]),
    ({"beneficiary_identification": OTHER_IBAN}, []),
    ({"beneficiary_identification": IBAN, "state": "created"}, [3, 2]),
    ({"execution_date_type": "instant"}, [3]),
    ({"country": "de,fr"}, [2, 1, 0]),
    ({"country": "de"}, []),
    ({"order_by": "amount"}, [2, 1, 0, 3]),
    ({"order_by": "amount", "reverse": "true"}, [3, 0, 1, 2]),
    ({"order_by": "instruction_count", "limit": 1}, [2]),
    ({"order_by": "id"}, [3, 2, 1, 0]),
    ({"order_by": "state"}, [1, 0, 3, 2]),
    ({"order_by": "execution_date_type", "limit": 1}, [3]),
    ({"order_by": "connectors", "limit": 1}, [0]),
    ({"order_by": "validate_date", "limit": 1}, [0]),
    ({"min_date": "2026-01-31"}, [3, 2, 1, 0]),
    ({"max_date": "2026-01-31"}, []),
    ({"max_date": "2026-02-01"}, [3, 2, 1, 0]),
    ({"min_date": "2026-02-01"}, []),
    ({"filter": "validate_date", "min_date": "2026-01"}, [0]),
    ({"filter": "validate_date", "max_date": "2026-01"}, []),
    ({"filter": "validate_date"}, [3, 2, 1, 0]),
]


def test_filters_and_orders(service, several):
    reader = service("payments:read-only")
    for query, places in QUERIES:
        listed = decode(reader.get("/payments", params=query).content, PaymentsList)
        assert [each.id for each in listed] == [several[place] for place in places], query
        assert listed.total is None


def test_filters_by_what_the_bank_calls_it(service, several):
    reader = service("payments:read-only")
    paid = reader.ask("GET", f"/payments/{several[0]}")
    for name in ("bank_payment_id", "id_connector_source"):
        (found,) = reader.ask("GET", "/payments", params={name: paid[name]})["payments"]
        assert found == paid
    reference = {"reference_id": paid["instructions"][0]["reference_id"]}
    assert reader.ask("GET", "/payments", params=reference)["payments"] == [paid]


@pytest.mark.parametrize(
    "query", ["order_by=size", "filter=date", "reverse=maybe", "min_date=x", "limit=-1"]
)
def test_wrong_queries(still_shop, query):
    assert still_shop.ask("GET", f"/payments?{query}", 400)["code"] == "invalidValue"


INCOMPATIBLE = {
    "minAmount": instruction(amount="0.50"),
    "maxAmount": instruction(amount=6000, execution_date_type="instant"),
    "nspDateType": instruction(execution_date_type="deferred", execution_date="2026-02-10"),
    "nspFrequency": instruction(
        execution_date_type="periodic", start_date="2026-03-01", frequency="daily"
    ),
    "nspBenefScheme": instruction(
        beneficiary=ACCOUNT
        | {"scheme_name": "sort_code_account_number", "identification": "12345612345678"}
    ),
    "nspCurrency": instruction(currency="CHF"),
    "minDateDelta": instruction(execution_date_type="deferred", execution_date="2026-01-31"),
    "maxDateDelta": instruction(execution_date_type="deferred", execution_date="2026-09-30"),
    "nspPayer": instruction(execution_date_type="instant"),
    "trustBenef": instruction(execution_date_type="instant"),
}


@pytest.mark.parametrize("code", [*INCOMPATIBLE, "nspBulk", "maxBulk"])
def test_incompatibilities(still_shop, code):
    count = {"nspBulk": 2, "maxBulk": 6}.get(code, 1)
    body = order(*[INCOMPATIBLE.get(code, instruction())] * count)
    path = f"/payments/{still_shop.ask('POST', '/payments', json=body)['id']}/incompatibilities"
    answer = still_shop.get(path)
    assert isinstance(answer.json(), list)
    listed = decode(answer.content, PaymentIncompatibilitiesList)
    reasons = [reason for each in listed for reason in each.reasons]
    assert all(type(each.code) is PaymentConnectorIncompatibilityCode for each in reasons)
    found = [each for each in reasons if each.code == code]
    kind = "warning" if code in {"nspPayer", "trustBenef"} else "incompatible"
    assert {each.type for each in found} == {kind}
    assert all(each.description and each.value_connector is not None for each in found)


def test_incompatibilities_of_hidden_connectors(shop):
    body = order(instruction(currency="CHF"))
    path = f"/payments/{shop.ask('POST', '/payments', json=body)['id']}/incompatibilities"
    assert len(shop.ask("GET", f"{path}?all")) == len(shop.ask("GET", path)) + 1


def test_connectors_for_a_payment(shop):
    bulk = shop.ask("POST", "/payments", json=order(*[instruction()] * 2))
    answer = shop.get("/connectors", params={"id_payment": bulk["id"]})
    found = decode(answer.content, ConnectorsList)
    assert {each.uuid for each in found} >= {TEST}
    assert len(found) == 2
    for connector in found:
        assert "pay" in connector.products
        assert connector.payment_settings.maximum_number_of_instructions >= 2
    assert shop.ask("GET", "/connectors?id_payment=1")["connectors"] == []


def test_the_test_connector(api):
    answer = api.get(f"/connectors/{TEST}?expand=payment_fields")
    connector = decode(answer.content, Connector)
    (field,) = connector.payment_fields
    assert field.name == "use_case_pay"
    assert {each.value for each in field.values} == {*UseCase}


def test_terms(shop, service):
    path = f"/payments/{shop.ask('POST', '/payments', json=order())['id']}/terms"
    assert shop.ask("GET", path)["to_sign"] == "true"
    terms = decode(shop.get(path).content, PaymentTerms)
    assert terms.to_sign is True
    current = decode(shop.get("/terms").content, TermsContent)
    assert current.content
    assert current.terms.id == terms.id
    assert shop.ask("POST", path, 400, json={"id_terms": 77})["code"] == "invalidValue"
    assert shop.ask("POST", path, 400)["code"] == "missingParameter"
    service("payments:read-only").ask("POST", path, 403, json={"id_terms": terms.id})
    assert shop.ask("POST", path, json={"id_terms": terms.id}) == {"success": "ok"}
    assert "to_sign" not in shop.ask("GET", path)
