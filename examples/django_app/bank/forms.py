"""What people may enter."""

from typing import Any

from django import forms


class Form(forms.Form):
    """A form whose labels are names, without a colon."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class StartForm(Form):
    """Who somebody is."""

    name = forms.CharField(label="Your name", max_length=100)


class FilterForm(Form):
    """Which transactions to show."""

    search = forms.CharField(label="Search", max_length=100, required=False)
    min_date = forms.DateField(
        label="From",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    max_date = forms.DateField(
        label="To",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    kind = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[("all", "All"), ("income", "Income"), ("expenses", "Expenses")],
    )

    @property
    def income(self) -> bool | None:
        """What `transactions.list` calls the kind."""
        return {"income": True, "expenses": False}.get(self.cleaned_data["kind"])
