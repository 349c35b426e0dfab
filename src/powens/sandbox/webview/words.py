"""The words of the pages: English as it stands in the code, and its translations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

FRENCH: Final[Mapping[str, str]] = {
    "Refuse": "Refuser",
    "This page does not exist, or your visit is over.": (
        "Cette page n'existe pas, ou votre visite est terminée."
    ),
    "This is not possible": "C'est impossible",
    "The application will not see your accounts at {bank} any more.": (
        "L'application ne verra plus vos comptes chez {bank}."
    ),
    "Your banks": "Vos banques",
    "This connection works.": "Cette connexion fonctionne.",
    "This connection is broken.": "Cette connexion est à réparer.",
    "Back": "Retour",
    "Delete the connection to {bank}?": "Supprimer la connexion à {bank} ?",
    "Close": "Fermer",
    "No account is shared.": "Aucun compte n'est partagé.",
    "Manage {bank}": "Gérer {bank}",
    "You have not connected any bank.": "Vous n'avez connecté aucune banque.",
    "Add a bank": "Ajouter une banque",
    "Delete this connection": "Supprimer cette connexion",
    "Delete": "Supprimer",
    "Repair": "Réparer",
    "Save": "Enregistrer",
    "Login": "Identifiant",
    "Password": "Mot de passe",
    "Region": "Région",
    "Code received by text message": "Code reçu par SMS",
    "Account to debit": "Compte à débiter",
    "Scenario": "Scénario",
    "Cancel": "Annuler",
    "Powens sandbox": "Bac à sable Powens",
    "Skip to the content": "Aller au contenu",
    "Banks and people are invented, and no money moves.": (
        "Banques et personnes sont inventées, et aucun argent ne circule."
    ),
    "Please choose": "Veuillez choisir",
    "Amount": "Montant",
    "To": "À",
    "Reference": "Motif",
    "{field}: please fill this in.": "{field} : veuillez remplir ce champ.",
    "{field}: this is not in the right form.": "{field} : ce n'est pas la forme attendue.",
    "{bank} asks you to log in on its own page. You will come back here afterwards.": (
        "{bank} vous demande de vous identifier sur sa propre page. Vous reviendrez ici ensuite."
    ),
    "Open the app of {bank} and approve the request there. Then come back here.": (
        "Ouvrez l'application de {bank} et approuvez-y la demande. Revenez ensuite ici."
    ),
    "Account of the payer": "Compte du payeur",
    "This code is not the right one. Please try again.": (
        "Ce code n'est pas le bon. Veuillez réessayer."
    ),
    "Pay by bank transfer": "Payer par virement",
    "Choose your bank": "Choisissez votre banque",
    "Log in to {bank}": "Identifiez-vous chez {bank}",
    "The bank does not know this login and password. Please try again.": (
        "La banque ne reconnaît pas cet identifiant et ce mot de passe. Veuillez réessayer."
    ),
    "Confirm the payment": "Confirmez le paiement",
    "Go on at your bank": "Continuez chez votre banque",
    "Approve in your app": "Approuvez dans votre application",
    "{bank} asks you": "{bank} vous demande",
    "No bank fits": "Aucune banque ne convient",
    "Any login and password will do here, but for the password “wrongpass”.": (
        "Ici, tout identifiant et tout mot de passe conviennent, sauf le mot de passe « "
        "wrongpass »."
    ),
    "There is no app here: the button will do.": (
        "Il n'y a pas d'application ici : le bouton suffit."
    ),
    "To go on, accept the terms of use of the service.": (
        "Pour continuer, acceptez les conditions d'utilisation du service."
    ),
    "The code is 1234 here.": "Ici, le code est 1234.",
    "Accept and continue": "Accepter et continuer",
    "Decline": "Décliner",
    "No bank here takes this payment.": "Aucune banque ici n'accepte ce paiement.",
    "Continue": "Continuer",
    "This is not an IBAN.": "Ce n'est pas un IBAN.",
    "Confirm": "Confirmer",
    "Go to my bank": "Aller chez ma banque",
    "I approved it in my app": "J'ai approuvé dans mon application",
    "You have finished here": "Vous avez terminé ici",
    "Return to the application": "Retourner à l'application",
    "You refused on the page of your bank.": "Vous avez refusé sur la page de votre banque.",
    "Your password has expired. Renew it at your bank, and enter the new one here.": (
        "Votre mot de passe a expiré. Renouvelez-le auprès de votre banque et saisissez le "
        "nouveau ici."
    ),
    "This does not work": "Cela ne fonctionne pas",
    (
        "Something went wrong between the service and {bank}, and trying again does not help. "
        "The technicians know of it."
    ): (
        "Un incident est survenu entre le service et {bank}, et réessayer n'y change rien. Les "
        "techniciens sont prévenus."
    ),
    "Leave": "Quitter",
    "Banks connected so far: {count}. You may add up to {most}.": (
        "Banques connectées : {count}. Vous pouvez en ajouter jusqu'à {most}."
    ),
    "None of the banks here does what the application asks for.": (
        "Aucune banque ici ne fait ce que l'application demande."
    ),
    "Confirm that it is you": "Confirmez que c'est bien vous",
    "{bank} wants to be sure that it is you, with strong authentication.": (
        "{bank} veut s'assurer que c'est bien vous, par une authentification forte."
    ),
    "Authenticate": "S'authentifier",
    "Your bank is working": "Votre banque travaille",
    "{bank} is still preparing your data. This takes a moment.": (
        "{bank} prépare encore vos données. Cela prend un instant."
    ),
    "Look again": "Regarder de nouveau",
    "Your bank needs you": "Votre banque a besoin de vous",
    "A message of {bank} waits for you. Read it on the site of the bank, and come back here.": (
        "Un message de {bank} vous attend. Lisez-le sur le site de la banque et revenez ici."
    ),
    "I have read it": "Je l'ai lu",
    "Too many visits": "Trop de visites",
    "{bank} has been asked too often today and wants to be asked later.": (
        "{bank} a été sollicitée trop souvent aujourd'hui et demande d'attendre."
    ),
    "Try again": "Réessayer",
    "Your bank is not available": "Votre banque n'est pas disponible",
    "The service of {bank} does not answer for the moment. This is not your fault.": (
        "Le service de {bank} ne répond pas pour le moment. Vous n'y êtes pour rien."
    ),
    "Share your bank data": "Partagez vos données bancaires",
    "Enter the code from {bank}": "Saisissez le code de {bank}",
    "All is well": "Tout va bien",
    "None of your accounts is one that the application asks for.": (
        "Aucun de vos comptes n'est de ceux que l'application demande."
    ),
    "Choose what to share from {bank}": "Choisissez ce que vous partagez de {bank}",
    "Your bank is connected": "Votre banque est connectée",
    "The code is 123456 here.": "Ici, le code est 123456.",
    "Accounts to share": "Comptes à partager",
    (
        "{app} would like to read your accounts and transactions. You choose the bank and the "
        "accounts, and you can stop sharing at any time."
    ): (
        "{app} souhaite lire vos comptes et vos opérations. Vous choisissez la banque et les "
        "comptes, et vous pouvez cesser ce partage à tout moment."
    ),
    "Your bank has sent you a code by text message.": "Votre banque vous a envoyé un code par SMS.",
    "Your connection to {bank} works. There is nothing to do.": (
        "Votre connexion à {bank} fonctionne. Il n'y a rien à faire."
    ),
    "You may close this page.": "Vous pouvez fermer cette page.",
    "Log in": "S'identifier",
    "Add another bank": "Ajouter une autre banque",
    "Finish": "Terminer",
    "Continue without waiting": "Continuer sans attendre",
    "Share": "Partager",
    "The application": "L'application",
    "The parameter redirect_uri is not an address of this application.": (
        "Le paramètre redirect_uri n'est pas une adresse de cette application."
    ),
    "The parameter domain is missing.": "Le paramètre domain manque.",
    "The parameter client_id names no application of this domain.": (
        "Le paramètre client_id ne désigne aucune application de ce domaine."
    ),
    "The parameter redirect_uri is missing.": "Le paramètre redirect_uri manque.",
    "There is no such connection.": "Cette connexion n'existe pas.",
    "The code is wrong, has expired, or does not open this page.": (
        "Le code est faux, a expiré ou n'ouvre pas cette page."
    ),
    "This payment has been dealt with already.": "Ce paiement a déjà été traité.",
    "The parameter redirect_uri must be absolute, without a query or fragment.": (
        "Le paramètre redirect_uri doit être absolu, sans requête ni fragment."
    ),
    "The parameter max_connections is not valid.": (
        "Le paramètre max_connections n'est pas valable."
    ),
    "There is no such payment.": "Ce paiement n'existe pas.",
    "The parameter connection_sources is not valid.": (
        "Le paramètre connection_sources n'est pas valable."
    ),
    "An application would like to read your accounts and transactions.": (
        "Une application souhaite lire vos comptes et vos opérations."
    ),
    "{bank}: do you allow it?": "{bank} : l'autorisez-vous ?",
    "Allow": "Autoriser",
    "{bank}: confirm this payment?": "{bank} : confirmez-vous ce paiement ?",
    "{bank}: cancel this payment?": "{bank} : annulez-vous ce paiement ?",
    "Cancel the payment": "Annuler le paiement",
}

TRANSLATIONS: Final[Mapping[str, Mapping[str, str]]] = {"en": {}, "fr": FRENCH}


@dataclass(frozen=True, slots=True)
class Words:
    """Says things in one language.

    Attributes:
        lang: The language: one that there are words in, English otherwise.
    """

    lang: str

    @classmethod
    def of(cls, lang: str) -> "Words":
        """The words of a language, or else English ones."""
        return cls(lang if lang in TRANSLATIONS else "en")

    @classmethod
    def preferred(cls, accept_language: str) -> "Words":
        """The words of the language that a browser names first of those there are."""
        named = (part.strip()[:2].lower() for part in accept_language.split(","))
        return cls(next((lang for lang in named if lang in TRANSLATIONS), "en"))

    def __call__(self, text: str, **values: object) -> str:
        """A text, with values in place of its `{names}`."""
        return TRANSLATIONS[self.lang].get(text, text).format(**values)
