"""What we keep of our customers' banks.

Rows of Powens have their ids at Powens as primary keys, so that what comes twice is an update.
Amounts are decimals; SQLite keeps 15 digits of them, PostgreSQL all.
"""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone

from powens import ConnectionResolution, PowensClient, PowensNotFoundError

from .powens import client

STATES = {
    ConnectionResolution.NOTHING: "Up to date",
    ConnectionResolution.WAIT: "Being updated: come back in a moment",
    ConnectionResolution.RETRIED: "The bank does not answer now, and is asked again later",
    ConnectionResolution.AUTHENTICATE: "The bank asks you to identify yourself again",
    ConnectionResolution.WEBAUTH: "The bank asks you to sign in on its own page",
    ConnectionResolution.ENTER_FIELDS: "The bank asks you for a code",
    ConnectionResolution.APPROVE: "The bank waits for your approval in its app",
    ConnectionResolution.NEW_CREDENTIALS: "The bank does not accept your password any more",
    ConnectionResolution.ACT_AT_BANK: "Your bank has a message for you on its own site",
    ConnectionResolution.NONE_KNOWN: "This bank does not work at the moment",
}


class Customer(models.Model):
    """A user of this site, and what Powens knows this person by."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    powens_id = models.BigIntegerField(null=True, unique=True, editable=False)
    # It opens the customer's bank data: ENCRYPT IT IN PRODUCTION, with a key that is not in the
    # database, such as by a field of django-fernet-encrypted-fields.
    token = models.CharField(max_length=512, blank=True, editable=False)
    news_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return self.user.first_name or self.user.get_username()

    @property
    def powens(self) -> PowensClient:
        """The client, acting for this customer."""
        return client().with_options(access_token=self.token or None)

    def renew_token(self) -> bool:
        """Get another token for one that is not valid any more.

        Returns:
            Whether there is one; Powens does not know the user any more where there is none.
        """
        try:
            self.token = client().auth.renew_token(id_user=self.powens_id or 0).token
        except PowensNotFoundError:
            self.forget_powens()
            return False
        self.save(update_fields=["token"])
        return True

    def forget_powens(self) -> None:
        """Keep nothing of Powens, whose user is gone; this customer can connect a bank anew."""
        self.connections.all().delete()
        self.powens_id, self.news_at, self.token = None, None, ""
        # `save` would bring back one who has deleted everything meanwhile.
        nothing = {"powens_id": None, "news_at": None, "token": ""}
        Customer.objects.filter(pk=self.pk).update(**nothing)


class Connection(models.Model):
    """A bank that a customer has connected."""

    id = models.BigIntegerField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="connections")
    bank = models.CharField(max_length=200)
    resolution = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.bank

    @property
    def state_in_words(self) -> str:
        """How the connection is."""
        return STATES[ConnectionResolution(self.resolution)]

    @property
    def needs_user(self) -> bool:
        """Whether nothing gets better until the customer does something."""
        return ConnectionResolution(self.resolution).needs_user


class Account(models.Model):
    """A bank account."""

    id = models.BigIntegerField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="accounts")
    name = models.CharField(max_length=200)
    type = models.CharField(max_length=40)
    iban_end = models.CharField(max_length=4)  # all that is shown, so all that is kept
    balance = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    currency = models.CharField(max_length=10)
    last_update = models.DateTimeField(null=True)
    gone = models.BooleanField(default=False)  # the bank does not show it any more
    # How far transactions are read: up to a `last_update`, as the API spells it, as it has no
    # zone; and the page to go on after where reading was interrupted, with what it reads up to.
    synced_until = models.CharField(max_length=40, blank=True, editable=False)
    resume_cursor = models.TextField(blank=True, editable=False)
    resume_until = models.CharField(max_length=40, blank=True, editable=False)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name

    @property
    def as_of(self) -> dt.date | None:
        """The day that the balance is of."""
        return timezone.localdate(self.last_update) if self.last_update else None


class Transaction(models.Model):
    """A movement on an account."""

    id = models.BigIntegerField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="transactions")
    date = models.DateField(null=True, db_index=True)
    wording = models.CharField(max_length=500)
    category = models.CharField(max_length=100)
    value = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    coming = models.BooleanField(default=False)  # not booked yet
    deleted = models.BooleanField(default=False)

    class Meta:
        ordering = ("-date", "-id")

    def __str__(self) -> str:
        return f"{self.date} {self.wording}"


class ReceivedWebhook(models.Model):
    """A webhook that was dealt with: it may come again."""

    id = models.BigIntegerField(primary_key=True)  # `id_webhook_data`
    received_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)
