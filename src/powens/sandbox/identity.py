"""Who the banks say their customers are."""

from typing import Final

from powens.sandbox import dice
from powens.sandbox.bank import COUNTRIES
from powens.sandbox.state import Account, Connection, World
from powens.sandbox.wire import JsonObject

_PARTNER: Final = "Sacha Verdier-Lune"

# Where people and shops are, by country: street, postal code, city, region.
HOMES: Final = {
    "fr": ("8 rue des Lampions", "99210", "Saint-Aubier-les-Ormes", "Vallonie"),
    "de": ("Lindengasse 14", "99310", "Wieselbrück", "Oberheide"),
    "es": ("Calle del Almendro 3", "99410", "Villarreal del Faro", "Costa Serena"),
    "it": ("Via delle Lanterne 21", "99510", "Borgo Corallo", "Riviera Alta"),
}


def ownership(world: World, account: Account) -> JsonObject:
    """Who owns an account. A loan is one of which the bank does not say it."""
    is_known, is_shared = account.blueprint.type != "loan", account.blueprint.type == "savings"
    parties = [_party("holder", account.owner, is_user=True)]
    if is_shared:
        parties.append(_party("co_holder", _PARTNER, is_user=None))
    bank = world.connection_of(account).connector.bank
    return {
        "id_account": account.id,
        "id_connection": account.connection_id,
        "id_user": account.user_id,
        "id_connector_source": account.source.source.id,
        "name": account.owner if is_known else None,
        "bank_name": bank.name,
        "multiple_holders": is_shared if is_known else None,
        "calculated": ["multiple_holders"] if is_known else [],
        "usage": account.usage,
        "parties": parties if is_known else None,
        "identifications": _identifications(account),
    }


def owner(world: World, connection: Connection) -> JsonObject:
    """The owner of a connection."""
    country = connection.connector.bank.country
    name = world.owner(connection.user_id)
    first_name, _, last_name = name.partition(" ")
    street, postal_code, city, region = HOMES[country]
    return {
        "id_connection": connection.id,
        "id_source": next(iter(connection.sources)),
        "id_user": connection.user_id,
        "first_name": first_name,
        "last_name": last_name,
        "full_name": name,
        "raw_postal_address": f"{street}, {postal_code} {city}",
        "postal_address": {
            "city": city,
            "country": COUNTRIES[country],
            "country_code": country.upper(),
            "postal_code": postal_code,
            "region": region,
            "street_name": street,
        },
    }


def _party(role: str, name: str, *, is_user: bool | None) -> JsonObject:
    return {"role": role, "identity": {"is_user": is_user, "full_name": name}}


def _identifications(account: Account) -> list[JsonObject] | None:
    match account.blueprint.type:
        case "card":
            masked = f"XXXXXXXXXXXX{dice.digits(4, 'card', account.number)}"
            return [{"scheme_name": "cpan", "identification": masked}]
        case "checking":
            return [
                {"scheme_name": "iban", "identification": account.iban},
                {"scheme_name": "bban", "identification": (account.iban or "")[4:]},
            ]
        case "loan":
            return None
        case _:
            return []
