"""Find dose figures: how much is given, how often and by which route.

A concentration (40 ng/ml), a body's weight (70 kg), a share (5%) and what was measured in somebody are no doses. The
words are English.
"""

from __future__ import annotations

import re

from rag.text.labels.dose_grammar import DOSE, TAKEN

BEFORE = 80
"""How many characters before an amount are read to tell what was measured from what was given."""

NEAR = 45
"""How close before an amount a day a word of measuring must stand to tell."""

_FIGURE = re.compile(
    r"[\d½¼¾]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred|half|once|twice|thrice|daily|every)\b",
    re.IGNORECASE,
)

# What a thing holds is not what is given: an amount in a volume or a mass ("40 ng/ml", "2 mmol Trolox/g").
_CONCENTRATION = re.compile(
    r"""
    (?:\s+(?!(?:and|or|to|per)\b)[\w-]+){0,3}?\s*(?:/|\bper\s+)\s*(?:\d+(?:\.\d+)?\s*)?
    (?:
        ml|mL|dl|dL|[lL]|lit(?:er|re)s?|deciliters?|milliliters?|cc|cm3|m3|ng|mg|g|grams?|mmol|mol|cells?|kcal
      | 1000\ kcal|MJ|cm2|cm\(2\)|mice
    )(?![A-Za-z])
  | \s*[·⋅.]?\s*(?:[lLgd]|dL|dl|mL|ml|m|cm)\s*(?:[(]?\s*[-−]\s*[123]|⁻\s*[¹²³])
  | (?:\s+[\w-]+){0,2}\s+in\s+(?:one|1|a)\s+(?:kg|g|liter|litre|l|kilogram)\b
    """,
    re.VERBOSE,
)
# Nor is what was measured, or weighed in for a test: "levels ranged from 0.3 to 10.2 µg/kg", "5 ml of blood".
_MEASURED = re.compile(
    r"""\b(?:
        concentrations? | levels? | contents? | residues? | detect\w* | capacity | volumes? | excre\w+ | output
      | (?<!body\ )weigh\w* | yields? | migration | bladder | creatinine | clearance | stools? | fa?ecal | urine
      | urinary | blood | plasma | serum | sampl\w+ | extract(?:ed|ion) | rose\ (?:by|from|to) | loss | lost | solvents?
      | incubat\w+ | homogen\w+ | dissol\w+ | prepar\w+ | cultur\w+ | medium
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OF_A_TEST = re.compile(
    r"""
    \s*(?:of\s+)?(?:\w+\s+)?
    (?:blood|urine|plasma|serum|stool|feces|saliva|methanol|ethanol|buffer|solvent|tissue|medium)\b
  | (?<=kg),?\s*(?:raw|dry|DW|dw|fresh|wet|FW)\b
    """,
    re.VERBOSE,
)
_LEFT_THE_BODY = re.compile(r"\b(?:excre\w+|urine|urinary|stools?|fa?ecal)\b")
_POISON = re.compile(r"\b(?:Pb|Cd|Hg)\b")
_GIVEN = re.compile(
    r"""\b(?:
        dos(?:e|es|ed|age|ages|ing) | given | gave | giv(?:e|ing) | tak(?:e|en|es|ing) | took | receiv\w+ | administ\w+
      | intakes? | consum\w+ | supplement\w* | oral\w* | inject\w+ | infus\w+ | tablets? | capsules? | daily | drinks?
      | drank | eat\w* | ate | ingest\w+ | fed | prescri\w+ | treated\ with | treatment\ with | mouth | needs?
      | should | recommend\w*
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_GIVEN_AFTER = re.compile(
    r"""
    (?:\s+(?:of\s+)?[\w-]+){0,3}?\s+
    (?:
        administration|ingestion|intake|consumption|doses?|supplementation|treatment|was\ given|were\ given
    )\b
  | \s+(?!in\b)(?:[\w-]+\s+)?(?:group|arm)\b
    """,
    re.VERBOSE,
)
# What is measured far more often than given is a dose only where words around it speak of giving.
_RARELY_GIVEN = re.compile(r"(?:µ|μ|m|n)mol|m[Ee]q|m[lL]/(?:kg/)?min|milliliters? per minute|kg(?:\(-1\)|⁻¹)$")
_OFTEN = re.compile(r"/\s*d(?:ay)?\b|\bday\b|daily|weekly|hours?\b")
_OF_A_MEDICINE = re.compile(r"(?:mg|mcg|µg|μg|IU)(?![A-Za-z])")


def dose_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of the dose figures at `start:end` of a text, in order; none overlaps another."""
    found: list[tuple[int, int]] = []
    if not _FIGURE.search(text, start, end):
        return found
    at = start
    while amount := DOSE.search(text, at, end):
        at = amount.end()
        if concentration := _CONCENTRATION.match(text, at, end):
            at = concentration.end()
        elif not _is_measured(text, start, end, amount):
            found.append((amount.start(), _trimmed_end(text, *amount.span())))
    for taken in TAKEN.finditer(text, start, end):
        first, last = taken.span("said")
        if all(last <= a or first >= b for a, b in found):
            found.append((first, last))
    return sorted(found)


def _is_measured(text: str, start: int, end: int, amount: re.Match[str]) -> bool:
    """Say whether an amount was measured: what is tested follows it, or the last word before it that tells says so."""
    if _OF_A_TEST.match(text, amount.end(), end) or _POISON.search(amount[0]):
        return True
    if _GIVEN_AFTER.match(text, amount.end(), end):
        return False
    before = text[max(start, amount.start() - BEFORE) : amount.start()].rsplit(". ", 1)[-1]
    given = max((word.start() for word in _GIVEN.finditer(before)), default=-1)
    measured = max((word.start() for word in _MEASURED.finditer(before)), default=-1)
    if given < 0 and _RARELY_GIVEN.search(amount[0]) and not _GIVEN.search(amount[0]):
        return True
    if measured > given and _LEFT_THE_BODY.search(before):
        return True
    if _OFTEN.search(amount[0]) and (_OF_A_MEDICINE.search(amount[0]) or len(before) - measured >= NEAR):
        return False
    return measured > given


def _trimmed_end(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in " \t\n,(":
        end -= 1
    return end
