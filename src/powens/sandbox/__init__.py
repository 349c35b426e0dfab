"""A local Powens: the API over real HTTP, with invented banks, for demonstrations and tests.

    with Sandbox() as powens:
        client = PowensClient(base_url=powens.base_url, access_token=powens.access_token)

The banks of the catalogue (`GET /connectors`) behave as follows. All of them take any login and
any password but `wrongpass`, which is refused with code `wrongpass`.

========================  ==  =================================================================
Bank                          A new connection
========================  ==  =================================================================
Banque des Alizés         fr  is connected at once
Crédit Lumière            fr  asks for a code: answer `otp` with `123456`
Caisse du Phare           fr  waits for a validation elsewhere: answer `resume` with true
Banque Sirocco            fr  sends the customer to the bank's page (`/webauth-url`)
Sparhaus Elbtal           de  wants strong authentication: answer with an empty body
Nordlicht Genossenschaft  de  asks for a `region` (`1` to `3`) and is connected at once; a forced
                              synchronization answers `{connection, message}`
Banco Alameda             es  is `actionNeeded` until the next synchronization
Caja del Almendro         es  is `passwordExpired` until a new `password` is given
Banca Corallo             it  is `websiteUnavailable` until the next synchronization
Cassa dei Faraglioni      it  is in state `bug`, for good
Comptoir Tramontane       fr  is `rateLimiting` until the next synchronization
Banque Hirondelle         fr  is connected at once; the connector is hidden from lists
========================  ==  =================================================================

Beside the API, `/sandbox/faults` (POST the arguments of a `Fault`, GET, DELETE),
`/sandbox/requests` (GET, DELETE) and `/sandbox/clock` (POST `seconds`) do for another process what
the methods of `Sandbox` do within one.
"""

from powens.sandbox.faults import Fault, RecordedRequest
from powens.sandbox.server import TODAY, Sandbox

__all__ = ["TODAY", "Fault", "RecordedRequest", "Sandbox"]
