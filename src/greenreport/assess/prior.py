"""The prior growth learned from the ledger's own panel of districts, for an analyst to set as a parameter.

Not used behind anybody's back: pages take the value from their parameters, so that a figure of one district never
moves the forecast of another unseen. On public panels a learned prior did no better than 3 % (docs/forecasting.md).
"""

from __future__ import annotations

from greenreport.assess.evidence import Evidence
from greenreport.assess.model import Options
from greenreport.forecast import PriorGrowth, learn_prior_growth

__all__ = ["learned_prior"]


def learned_prior(evidence: Evidence, options: Options) -> dict[str, PriorGrowth]:
    """Per indicator that is a level, the mean growth of the districts' series, shrunk towards the prior assumed.

    Args:
        evidence: plan, roster and ledger.
        options: its `prior_growth` is what the panel is weighed against; its choices decide on the series.

    Returns:
        Indicator id → what was learned; indicators without any usable district series are left out. Series that do
        not end in the panel's last year are left out too, because yearly means would not line up.
    """
    found = {}
    for indicator in evidence.plan.indicators:
        if indicator.kind != "flow":
            continue
        panel = {d.code: evidence.series(indicator, d, options) for d in evidence.districts}
        last = max((s.last_year for s in panel.values() if s.last_year), default=None)
        usable = {code: s.values for code, s in panel.items() if s.last_year == last and len(s.annual)}
        if usable:
            learned = learn_prior_growth(usable, assumed=options.prior_growth)
            if learned.n_series:  # without one there is only what was assumed: nothing was learned
                found[indicator.id] = learned
    return found
