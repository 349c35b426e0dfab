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

Payments are carried out by the first three, and by the test connector that is the same on every
domain (`338178e6-3d01-564f-9a7b-52ca442459bf`, hidden from lists): the bank's page and a last word
of the payer, a code (`openapisms`: `1234`), a validation elsewhere; the test connector plays the
scenario in its payment field `use_case_pay`. What follows takes time: `advance` it. No money moves.

`webview_url` is where the pages of the webview are: a person connects, repairs and manages banks
there, and pays. An address of `/webauth-url`, a `validate_uri` or the `url` of a payment link is a
page on which a person allows or refuses. A program, whose `Accept` does not name `text/html`, is
sent back from it at once; with `?deny` it has refused.

What happens is told to the webhooks that were registered with the API, or with
`Sandbox.send_webhooks_to`: they are really sent, signed, and sent again until they are accepted.

`/sandbox/` is a page on which a person sees what there is, and makes things happen. Beside it, for
another process, these do what the methods of `Sandbox` do within one:

=========================================  =====================================================
`/sandbox/faults`                          POST the arguments of a `Fault`; GET all or only the
                                           `?unused`; DELETE
`/sandbox/requests`                        GET, DELETE
`/sandbox/executions`                      GET
`/sandbox/clock`                           POST `seconds`
`/sandbox/transactions`                    POST `id_account`, `value`, `wording` and perhaps
                                           `date`: it arrives
`/sandbox/connections/{connection_id}`     POST `state`: a synchronization ends in it, null is a
                                           good end
`/sandbox/webhooks`                        POST `base_url` and perhaps `events`: send them there;
                                           GET the attempts so far, and how many wait
`/sandbox/webhooks/flush`                  POST: send what waits
`/sandbox/webhooks/disturb`                POST the arguments of a `Disturbance`
=========================================  =====================================================
"""

try:
    from powens.sandbox.dispatch import Delivery, Disturbance
    from powens.sandbox.faults import Fault, RecordedRequest
    from powens.sandbox.server import TODAY, Sandbox
except ModuleNotFoundError as _error:
    raise ModuleNotFoundError(
        "powens.sandbox needs more: pip install 'powens[sandbox]'", name=_error.name
    ) from _error

__all__ = ["TODAY", "Delivery", "Disturbance", "Fault", "RecordedRequest", "Sandbox"]
