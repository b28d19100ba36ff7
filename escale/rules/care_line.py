"""One line of care as the law looks at it: what was given, when, to whom, what was paid, and under which rules."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from escale.rules.acts import Act
from escale.rules.contributions import Withheld
from escale.rules.exemptions import Exemption
from escale.rules.intake import Care
from escale.rules.named import Named
from escale.rules.scope import Authorisation, RuleSet

_NOTHING = Decimal(0)


class Choice(Named):
    """By whose tariff a private stay in Europe is paid back: the insured person chooses (CSS, art. R. 160-1)."""

    FRENCH = "french", "Tarifs français"
    STATE_OF_STAY = "state_of_stay", "Tarifs de l’État de séjour"


@dataclass(frozen=True, slots=True, kw_only=True)
class CareLine:
    """One kind of act on one day, for one person; amounts in euros.

    The act is `act`, of any nomenclature, else the one that `act_code` names in the packaged list.
    `expense_eur` is the whole line, `quantity` its acts, boxes or journeys. `patient_age` is in years on the day
    of care, `january_age` on 1 January of that year (the same unless said: give it at eighteen, see `age`), and
    `patient_days` in days. `days`: on how many days the acts were given. `authorisation`: what the matrix asks.
    `stated_tariff`: the French tariff of one act, or the daily price of one hospital day before abatement, that an
    agent found and answers for; `decided_eur`: the amount that an agent decides; both with `stated_reason`.
    `heavy`: the stay, or acts done together, reach the tariff of heavy acts (R. 160-16). `in_hospital`: an act during
    a stay. `emergency`: an emergency visit without a stay. `provider` tells apart who gave the care on one day.
    `claimed_on`, `repaid_on`: when the claim was sent, when it is paid. None, wherever allowed, is « not known ».
    """

    given_on: date
    care: Care
    expense_eur: Decimal
    patient_age: int
    rule_set: RuleSet
    act_code: str = ""
    act: Act | None = None
    paid_elsewhere_eur: Decimal = _NOTHING
    quantity: int = 1
    hospital_days: int = 0
    hospital_days_before: int = 0
    days: int | None = None
    patient_days: int | None = None
    january_age: int | None = None
    exemption: Exemption | None = None
    heavy: bool = False
    in_hospital: bool = False
    emergency: bool = False
    provider: str = ""
    choice: Choice = Choice.FRENCH
    state_of_stay_eur: Decimal | None = None
    european: bool | None = None
    authorisation: Authorisation | None = None
    unforeseen: bool | None = None
    authorised: bool | None = None
    claimed_on: date | None = None
    pregnancy_found_on: date | None = None
    repaid_on: date | None = None
    stated_tariff: Decimal | None = None
    decided_eur: Decimal | None = None
    stated_reason: str = ""
    withheld: Withheld = field(default_factory=Withheld)


def gives_choice(rule_set: RuleSet | None, *, european: bool) -> bool:
    """Tell whether the insured person chooses the tariff: a private stay in Europe (CSS, art. R. 160-1)."""
    return rule_set is RuleSet.PRIVATE_EU or (rule_set is RuleSet.PLANNED and european)


def age(born_on: date, *, on: date) -> int:
    """Return an age in full years on a date."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
