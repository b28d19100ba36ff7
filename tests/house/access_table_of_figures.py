"""The addresses where figures are read: the board's for supervisors, the open data for anybody."""

from escale.domain.accounts.models import Role

S = Role.SUPERVISOR

FIGURES = (
    ("agents:board",          "GET",  "",          (S,),    200,  200),
    ("agents:export_figures", "GET",  "figures",   (S,),    200,  200),
    ("public:open_data",      "GET",  "",          (),      200,  200),
    ("public:open_data_csv",  "GET",  "",          (),      200,  200),
    ("public:open_data_json", "GET",  "",          (),      200,  200),
)  # fmt: skip
