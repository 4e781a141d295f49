"""What the model has to explain: the study's twenty findings, the pattern looked for, and how much of it is written in.

The labels and their reasons come of reading the rules, as critically as one can: a label says what was put into a
rule, never what came out of a run. Which rules carry a claim, the catalogue of rules knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from redesign_sim.rulekit import CATALOGUE

if TYPE_CHECKING:
    from redesign_sim.rulekit import Label, RuleCard

LABELS: dict[Label, str] = {
    "assumed": "a rule, or the way an outcome is counted, states the pattern itself; to see it is no evidence for it",
    "structural": "the pattern follows from how parts are joined (each is needed, or one number is read twice) before "
    "anybody acts; how strong it is depends on what people do",
    "partly assumed": "a part of the pattern, or the direction of a step towards it, is a rule; the rest comes out",
    "emergent": "no rule states the pattern or its direction; its ingredients are rules, and what people do to each "
    "other decides whether it appears",
}
"""What the four labels mean, from the most put in to the least."""


class Finding(NamedTuple):
    """A finding of the study in our words, the pattern that a simulation has to show, and what of it is written in."""

    said: str
    pattern: str
    label: Label
    because: str


FINDINGS: dict[str, Finding] = {
    "C1": Finding(
        "Four kinds of leadership on two axes, the scale of ambition and micro-political capability: passive, "
        "localised, lacking followers, high-impact.",
        "One clinician in the same post and with the same luck is given each of the four pairs of traits: integration "
        "gains most under the high-impact one, local improvement is higher for the localised than for the one lacking "
        "followers, who ends least trusted; the passive one does little of anything.",
        "partly assumed",
        "Ambition is how deep and how wide a package goes, so that little ambition asks for little by the rule itself "
        "(I1, I2); what capability makes of an ambition – who is read rightly, won, and still trusted afterwards – is "
        "in no rule, and no rule reads both.",
    ),
    "C2": Finding(
        "Redesign was sanctioned and set off by national strategy.",
        "More cross-boundary proposals are started in the months after a strategy, fewer as it fades.",
        "partly assumed",
        "That what sponsors are known to want raises the chance one sees (I10), and that a strategy is heard a little "
        "less every month (S7), are rules; how large the jump is, who is moved by it, and whether what colleagues "
        "learn meanwhile outlasts it, come out.",
    ),
    "C3": Finding(
        "Commissioners and executives sponsor and fund what accords with policy.",
        "Proposals that reach decision are decided again on paper with their emphasis turned away from policy, at "
        "equal merit: fewer pass. Do leads drift towards what accords?",
        "assumed",
        "Accord with policy is a term of the sponsors' weighing (W3), and money goes by it (D14); the drift is put in "
        "as well, for packages are drawn to what policy wants (I23).",
    ),
    "C4": Finding(
        "Local leadership and national strategy feed off one another.",
        "Strategy and a large share of high-impact leaders together bring more integration than the sum of each, where "
        "integration is not full already.",
        "emergent",
        "A strategy raises the chance that one sees (I10), a completed redesign raises the strategy's standing (S9); "
        "no rule joins strategy with leadership, and whether together they bring more than their sum may well fail.",
    ),
    "C5": Finding(
        "Strategies made with good clinical input shake up established thinking.",
        "A strong strategy with little clinical input moves managers and not clinicians; integration gains less.",
        "partly assumed",
        "Clinical input is defined as nearness to what helps patients (S3), and a case says who answers for policy, "
        "clinicians least (W3); no rule asks who is a clinician, and what it does to integration comes out.",
    ),
    "C6": Finding(
        "Clinicians shut out of managers' decision routines could not lead.",
        "Less inclusion brings later and fewer authorisations and less integration, for high-impact leads too.",
        "partly assumed",
        "A proposal waits until its lead is heard (D1), so that *later* is a rule; *fewer* and *less integration* come "
        "out, since inclusion opens doors (N4, D9) and enters nobody's weighing.",
    ),
    "C7": Finding(
        "Care is scattered over many owners, and nobody owns the condition.",
        "Integration falls with the number of organisations along the same pathway, more steeply where leads read "
        "others poorly; thin stakes fail by not starting, two strong blocs by stalemate.",
        "partly assumed",
        "Every further owner costs a lead time (I11) and raises what the others lose (W4), and thin stakes weaken the "
        "reason to start (I9); that capability softens the fall, and how a pathway fails, come out.",
    ),
    "C8": Finding(
        "Reorganisations were common and brought users nothing; noise was hard to tell from change.",
        "Reorganisations alone change no integration; whoever sees all activity foretells integration worse than "
        "whoever sees redesign alone, the worse the more reorganisation there is.",
        "partly assumed",
        "Reorganisations touch no interface and take attention, belief and managers away (R4, R5, R11), so that alone "
        "they bring nothing by construction; all activity is redesign activity with reorganisations added, so that it "
        "can hardly foretell better. That movers' old ties bridge (R9), what the sum is, and how much an onlooker is "
        "misled, come out.",
    ),
    "C9": Finding(
        "Intrinsic interest makes informal links, which compartmentalised organisations frustrate and do not kill.",
        "Compartmentalisation cuts formal redesign out of links more than it cuts the links; some linking remains.",
        "structural",
        "One number is read twice: it makes a meeting rarer (L2) and the manager's leave rarer (I13); a link passes "
        "one of the two gates and a redesign both. That linking never quite ends is a rule, for those interested also "
        "meet outside their work (L2), while a manager's walls can be complete.",
    ),
    "C10": Finding(
        "Network organisations build vision, belonging and commitment, and should reach social care and the third "
        "sector.",
        "With a network integration gains more, by way of ties across boundaries; wider membership helps the "
        "interfaces of those who joined, and adds parties who must agree.",
        "partly assumed",
        "That meetings make ties, trust and purpose is a rule (L8); whether these become redesigns, and whether wider "
        "membership pays for the parties that it adds, come out.",
    ),
    "C11": Finding(
        "To innovate across boundaries one needs a wide personal network.",
        "Leads of completed cross-boundary redesigns knew more people elsewhere before they began than leads of failed "
        "ones; integration rises with ties across boundaries.",
        "partly assumed",
        "One can only join and persuade those within reach (I4, N3), so that nobody starts anything across a boundary "
        "without a tie; "
        "whether more ties end in success, or only in wider proposals that are harder to agree, comes out.",
    ),
    "C12": Finding(
        "Redesign means changing clinic organisation, booking, information systems, tariffs and roles together.",
        "Changing some of the practices brings less than its share of integration.",
        "assumed",
        "An interface counts partly as joined up as its least changed practice (P18), with the weight `weakest`; at "
        "weight 0 nothing of the pattern is put in. That different people control different practices is structural.",
    ),
    "C13": Finding(
        "The too entrenched are outmanoeuvred.",
        "Say in changes to one's own practices falls with entrenchment while integration may still gain; redesigns "
        "imposed, or drawn anew round a refuser, rise with entrenchment and with how loudly policy is heard.",
        "partly assumed",
        "Sponsors may go round refusers once pressure has built up, which it does the louder policy is heard (M1, M2), "
        "and so may leads (N29) and majorities (D13); what they impose needs nobody's consent (P20). That this befalls "
        "the entrenched comes out, for say is counted (P13) and no rule takes it away.",
    ),
    "C14": Finding(
        "The too gung-ho lose their colleagues' trust.",
        "Where capability is low, trust falls with ambition; the ambition that brings most integration lies between "
        "none and all, and rises with capability.",
        "emergent",
        "Leads fill in what they cannot read with their own view (N2), and a step beyond what another accepts costs "
        "more trust than a good one brings (N22); no rule joins ambition with capability, nobody is optimistic by "
        "rule, and where the best ambition lies comes out.",
    ),
    "C15": Finding(
        "Persuading colleagues and formal planning work in tandem; planning alone is rather ineffective.",
        "Both together bring more than the sum of each; planning alone brings next to nothing.",
        "structural",
        "Each practice needs so much work and so much adoption, and the scarcer decides (P4); its rival form, in which "
        "they make up for each other, shows how much of the pattern that one line makes.",
    ),
    "C16": Finding(
        "Successful leads stay open about the design and bring colleagues along.",
        "Integration gains most between never conceding and conceding all.",
        "emergent",
        "A concession wins the other's consent and makes the design thinner for everyone (N14), as two effects of one "
        "act; where between them the best lies, and whether it lies between them, comes out.",
    ),
    "C17": Finding(
        "Six elements are needed: purpose, authorisation, resources won with managers, the full range of practices, "
        "reworked roles, and time and skills to lead.",
        "Taking any one of them away lowers integration; which are weakest links, and which only add?",
        "structural",
        "Each element is a factor of something that a rule needs (weighing, granting, capacity, design, roles, "
        "encounters), so that its loss can hardly help; which of them stop everything and which only slow things "
        "down comes out.",
    ),
    "C18": Finding(
        "Local effort has to be balanced with clinical effort in the making of national strategy.",
        "With one strategy to come and little clinical input in it, the best share of time given to national work lies "
        "between none and all.",
        "partly assumed",
        "Time goes to one or the other (I24), and national work has diminishing returns (S2), which favours a balance; "
        "whether better strategy ever makes up for the hours lost locally comes out.",
    ),
    "C19": Finding(
        "Service users were consulted; hours and facilities improved.",
        "The louder users' voice, the better access; integration need not follow.",
        "partly assumed",
        "Voice draws what people value towards users' experience and touches nothing else, people propose what they "
        "value (I2, W2), and access is read off what was implemented: each step is put in, how much survives "
        "negotiation is not.",
    ),
    "C20": Finding(
        "Consultants negotiate with one another, defending clinics and staff while they seek better services.",
        "The zone of agreement shrinks with the weight of such losses; guarantees on roles open it again.",
        "assumed",
        "The loss, and the guarantee that lessens it, stand in the weighing (W4) by which the zone is counted; how "
        "much of it is open in a case, and what it does to integration, come out.",
    ),
}
"""The findings of Storey and Holti (2013), restated; each keeps its id in code, tests and reports."""


def carriers(claim: str) -> list[RuleCard]:
    """The rules that say they carry a claim."""
    return [card for card in CATALOGUE.values() if claim in card.claims]
