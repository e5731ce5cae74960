"""Every live page, with who opens it; `{D11}` stands for the case of that demonstration document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Page
from tests.acceptance.company import ROOT
from tests.browser.site import Site

AXE: Final = ROOT / "src/comptroller/entrypoints/web/node_modules/axe-core/axe.min.js"
EVERYTHING: Final[Mapping[str, Any]] = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
CONTRAST: Final[Mapping[str, Any]] = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""What axe-core is asked to look for."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page and the person who opens it."""

    person: str
    path: str

    def on(self, site: Site) -> str:
        """Its path on a site."""
        return self.path.format_map(site.cases)


PLACES: Final = {
    "sign-in": Place("", "/sign-in"),
    "queue of approvals": Place("lena.vogt", "/queue"),
    "queue of exceptions": Place("priya.nair", "/queue"),
    "empty queue": Place("clara.weiss", "/queue"),
    "link that leads nowhere": Place("lena.vogt", "/answers/none"),
    "cases": Place("clara.weiss", "/cases"),
    "no cases": Place("clara.weiss", "/cases?q=nothing+is+called+so"),
    "exceptions": Place("clara.weiss", "/exceptions"),
    "going to a place": Place("clara.weiss", "/find?q=nord"),
    "overview": Place("clara.weiss", "/overview"),
    "evidence": Place("samuel.grant", "/evidence"),
    "case to approve": Place("lena.vogt", "/cases/{D11}"),
    "case of one's own": Place("lena.vogt", "/cases/{D45}?tab=people"),
    "invalid case": Place("clara.weiss", "/cases/{D25}"),
    "original": Place("lena.vogt", "/cases/{D11}?document=original"),
    "side by side": Place("jonas.adler", "/cases/{D03}?document=both"),
    "side by side, of a table": Place("clara.weiss", "/cases/{D07}?document=both"),
    "a purchase in parts": Place("chloe.martin", "/cases/{D14}"),
    "lines to name": Place("tomasz.zielinski", "/cases/{D03}/order-lines"),
    "match": Place("jonas.adler", "/cases/{D03}?tab=match"),
    "why": Place("priya.nair", "/cases/{D22}?tab=why"),
    "process": Place("jonas.adler", "/cases/{D03}?tab=process"),
    "people": Place("hannah.petrov", "/cases/{D17}?tab=people"),
    "conversation": Place("lena.vogt", "/cases/{D11}?tab=conversation"),
    "form of an act": Place("lena.vogt", "/cases/{D11}/acts/ask"),
    "act that is off": Place("jonas.adler", "/cases/{D11}/acts/cancel"),
    "timeline": Place("clara.weiss", "/cases/{D02}?tab=timeline"),
    "evidence of a case": Place("clara.weiss", "/cases/{D02}?tab=evidence"),
    "trial balance": Place("clara.weiss", "/ledger"),
    "open items": Place("clara.weiss", "/ledger?view=open"),
    "ageing of the ledger": Place("samuel.grant", "/ledger?view=ageing"),
    "journals": Place("samuel.grant", "/ledger?view=journals"),
    "what must agree": Place("clara.weiss", "/ledger?view=checks"),
    "long jobs": Place("mika.ranta", "/jobs"),
    "incidents": Place("mika.ranta", "/incidents"),
    "policies": Place("ivo.marek", "/policies"),
    "no such backtest": Place("ivo.marek", "/backtests/none"),
    "no such correction": Place("ivo.marek", "/corrections/none"),
    "what was in force": Place("clara.weiss", "/releases/in-force?on=2026-03-01&decision=price-tolerance"),
    "no such shadow": Place("ivo.marek", "/shadows/none"),
    "releases of policy": Place("ivo.marek", "/releases"),
    "rollback of policy": Place("clara.weiss", "/releases/rollback"),
    "no entity decides otherwise": Place("ivo.marek", "/overrides/FR"),
    "decision table": Place("ivo.marek", "/policies/variance-verdict?example=0"),
    "decision table with gaps": Place("samuel.grant", "/policies/price-tolerance"),
    "decision without a table": Place("clara.weiss", "/policies/variance-authority"),
    "processes": Place("clara.weiss", "/processes"),
    "process and its cases": Place("clara.weiss", "/processes/invoice"),
    "move of running cases": Place("mika.ranta", "/processes/invoice/migrate"),
    "insight": Place("clara.weiss", "/insight"),
    "the return": Place("clara.weiss", "/insight/return"),
    "a figure": Place("clara.weiss", "/insight/exceptions"),
    "a figure by entity": Place("samuel.grant", "/insight/cycle-time?by=entity"),
    "suppliers": Place("jonas.adler", "/suppliers"),
    "supplier": Place("mei-lin.chow", "/suppliers/S22"),
    "order": Place("jonas.adler", "/orders/PO-2026-0103"),
    "contract": Place("sofia.marchetti", "/contracts/CT-2023-016"),
    "agreements and budgets": Place("sofia.marchetti", "/agreements"),
    "agreement": Place("sofia.marchetti", "/agreements/AG-2025-0061"),
    "schedule": Place("sofia.marchetti", "/agreements/AG-2014-0007/schedule"),
    "new contract": Place("sofia.marchetti", "/contracts/new"),
    "budget": Place("clara.weiss", "/budgets/DE/DE-1000/2026"),
    "receipt to record": Place("karim.benali", "/orders/PO-2026-0104/receipts/new"),
    "receipt on file": Place("karim.benali", "/orders/PO-2026-0101/receipts/GR-2026-0201"),
    "payment runs": Place("paulo.reis", "/payments"),
    "month end": Place("clara.weiss", "/ledger?view=month-end"),
    "coverage": Place("clara.weiss", "/ledger?view=coverage"),
    "another ledger": Place("samuel.grant", "/ledger/extract"),
    "changed account": Place("oskar.brandt", "/suppliers/S05/account"),
    "screening": Place("hannah.petrov", "/suppliers/S14/clearance"),
    "hand in": Place("tomasz.zielinski", "/intake"),
    "mapping": Place("tomasz.zielinski", "/mappings/helios"),
    "mapping to build": Place("tomasz.zielinski", "/mappings/new"),
    "hand in, for who may not": Place("priya.nair", "/intake"),
    "who works here": Place("clara.weiss", "/people"),
    "a person who is away": Place("inga.nystrom", "/people/gareth.hughes"),
    "own absences": Place("lena.vogt", "/people/lena.vogt"),
    "absence to put down": Place("lena.vogt", "/people/lena.vogt/absences"),
    "stand-in to name": Place("lena.vogt", "/people/lena.vogt/delegations"),
    "to be keyed": Place("tomasz.zielinski", "/cases/{D49}"),
    "keying": Place("tomasz.zielinski", "/cases/{D49}/key"),
    "words of notices": Place("mika.ranta", "/settings/texts"),
    "words of a notice": Place("mika.ranta", "/settings/texts/task-offered/de"),
    "not for one's role": Place("samuel.grant", "/queue"),
    "no role": Place("alex.moreau", "/queue"),
    "no such case": Place("lena.vogt", "/cases/01kmq4xbs00fwn4vm0ce7jvpe9"),
    "no such page": Place("lena.vogt", "/nothing/here"),
}


def findings(page: Page, only: Mapping[str, Any] = EVERYTHING) -> list[str]:
    """What axe-core finds on a page: the rule, and where."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    script = "only => axe.run(document, {runOnly: only, resultTypes: ['violations']})"
    run: dict[str, Any] = page.evaluate(script, only)
    return [
        f"{found['id']} at {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for found in run["violations"]
        for node in found["nodes"]
    ]


def forge_form(page: Page, address: str, **fields: str) -> None:
    """Send a form that the page did not make, as another site's script would."""
    script = """([action, fields]) => {
        const form = Object.assign(document.createElement("form"), {method: "post", action});
        for (const [name, value] of Object.entries(fields)) {
            form.append(Object.assign(document.createElement("input"), {name, value}));
        }
        document.body.append(form);
        form.submit();
    }"""
    with page.expect_navigation():
        page.evaluate(script, [address, fields])
