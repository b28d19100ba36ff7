"""What is typed by whoever has no account yet, or cannot enter theirs any more."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as now_in_french
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actions.passwords import LENGTH
from escale.rules import identity
from escale.web.forms import Form, as_read
from escale.web.insured.forms import CreationForm

_OLDEST = 1880


class Email(forms.EmailField):
    """An address that a message is sent to."""

    def __init__(self, **traits: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": "email"})
        super().__init__(
            label=_("Adresse e-mail"),
            max_length=254,
            help_text=_("Format attendu : nom@domaine.fr"),
            widget=widget,
            error_messages={"required": _("Écrivez votre adresse e-mail.")},
            **traits,
        )


def long_enough(least: int) -> str:
    """Say how long a password must be."""
    return now_in_french("Au moins %(least)d caractères : plusieurs mots font très bien.") % {"least": least}


class NewPassword(forms.CharField):
    """A password that somebody chooses."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(
            label=_("Choisissez un mot de passe"),
            max_length=256,
            strip=False,
            help_text=long_enough(LENGTH),
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            error_messages={"required": _("Choisissez un mot de passe.")},
            **traits,
        )


class LetterCode(forms.CharField):
    """A code as it is printed on a letter, or shown at a counter."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(
            label=_("Code reçu par courrier ou remis à un guichet"),
            max_length=40,
            help_text=_("12 signes. Majuscules ou minuscules, avec ou sans tirets."),
            widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
            **traits,
        )


class RequestForm(CreationForm):
    """Who somebody is, as the registry may know them."""

    nir = forms.CharField(
        label=_("Numéro de sécurité sociale"),
        help_text=_("15 caractères, clé comprise : il est sur la carte Vitale. Les espaces ne comptent pas."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}),
    )
    birth_name = forms.CharField(
        label=_("Nom de naissance"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    first_names = forms.CharField(
        label=_("Prénoms"),
        max_length=100,
        required=False,
        help_text=_("Dans l’ordre de l’état civil. Le premier suffit. Si l’état civil n’en connaît pas, laissez vide."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    day = forms.IntegerField(label=_("Jour de naissance"), required=False, min_value=1, max_value=31)
    month = forms.IntegerField(label=_("Mois de naissance"), required=False, min_value=1, max_value=12)
    year = forms.IntegerField(label=_("Année de naissance"), min_value=_OLDEST, max_value=2100)
    email = Email()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = {"day": ("bday-day", "2"), "month": ("bday-month", "2"), "year": ("bday-year", "4")}
        for name, (autocomplete, length) in parts.items():
            attrs = {"autocomplete": autocomplete, "inputmode": "numeric", "maxlength": length}
            self.fields[name].widget = forms.TextInput(attrs={"class": "fr-input", **attrs})

    def clean_nir(self) -> str:
        return as_read(identity.nir, self.cleaned_data["nir"])

    def clean_birth_name(self) -> str:
        return as_read(identity.person_name, self.cleaned_data["birth_name"])

    def clean_first_names(self) -> str:
        said = self.cleaned_data["first_names"]
        return as_read(identity.person_name, said) if said else ""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not {"day", "month", "year"} & self.errors.keys():
            self._judge(said.get("day"), said.get("month"), said["year"])
        return said

    def _judge(self, day: int | None, month: int | None, year: int) -> None:
        if day and not month:
            self.add_error("month", now_in_french("Indiquez aussi le mois."))
            return
        try:
            born = date(year, month or 1, day or 1)
        except ValueError:
            self.add_error("day", now_in_french("Ce jour n’existe pas : vérifiez la date."))
            return
        if born > timezone.localdate():
            self.add_error("year", now_in_french("La date de naissance est dans le futur."))

    @property
    def birth_parts(self) -> list[forms.BoundField]:
        """The three parts of a date of birth, as they are typed."""
        return [self[name] for name in ("day", "month", "year")]

    def born(self) -> str:
        """Return the date of birth as AAAA-MM-JJ, 00 for what is unknown."""
        said = self.cleaned_data
        return f"{said['year']:04}-{said['month'] or 0:02}-{said['day'] or 0:02}"


class RecoveryForm(CreationForm):
    """The address of an account."""

    email = Email()


class CodeForm(Form):
    """The code of a letter, the address that asked for it, and the password that it allows to choose."""

    email = Email()
    code = LetterCode()
    password = NewPassword()


class ComingBackForm(Form):
    """A proof, and a new password, which is longer for who works at the Fund."""

    password = NewPassword()

    def __init__(self, *args: Any, least: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = long_enough(least)


class LetterForm(ComingBackForm):
    """The code of a letter or of a counter, typed by whoever has just read a message."""

    prefix = "courrier"
    field_order = ("code", "password")
    code = LetterCode()


class RestoreForm(ComingBackForm):
    """The code of an application or of a list."""

    field_order = ("code", "password")
    code = forms.CharField(
        label=_("Code de votre application, ou code de secours"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )
