"""Dose figures: an amount in a unit that doses are given in, with its route and interval where they follow.

    5-20 mg/day      1,000 IU of vitamin D twice daily      10 mg/kg, i.p.      two tablets every 8 hours

A concentration (40 ng/ml), a body's weight (70 kg) and a share (5%) are no doses. The grammar is English.
"""

from __future__ import annotations

import re

BEFORE = 80
"""How many characters before an amount are read to tell what was measured from what was given."""

NEAR = 45
"""How close before an amount a day a word of measuring must stand to tell."""

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+|[½¼¾]|\d+[½¼¾])"
_WORD_NUMBER = (
    r"""(?:one(?:[\ -](?:half|quarter|third))?|two|three|four|five|six|seven|eight|nine|ten|twelve|half\ an?|half)"""
)
_TO = r"\s*(?:-|–|—|−|‐|‑|\bto\b|\bor\b|\band\b|±|\+/-|/|,|x|×)\s*"

_AND = r"\s*(?:-|–|—|−|\bto\b|\bor\b|\band\b|\+|±|\+/-)\s*"

# Units of mass, of activity and of what is swallowed by volume; what follows a count is a form that medicine comes in.
_UNIT = r"""(?:
    (?:mg|mcg|µg|μg|ug|gm|gms|g|mgs|micro-?grams?|milli-?grams?|nano-?grams?|grams?|mEq|meq|µmol|μmol|mmol|nmol|mg-?eq)(?![A-Za-z])
  | (?:ml|mL|cc|milli-?lit(?:er|re)s?|fluid\ ounces?|fl\.?\ oz)(?![A-Za-z])
  | (?:IU|I\.U\.|iu|IUs|international\ units?|USP\ units?|MIU|million\ (?:international\ )?units?)(?![A-Za-z])
  | units?(?=/|\s*(?:of\ (?!blood|packed|red|platelets|plasma|time|measure|length|alcohol|service)|per|a\ day|daily|every|twice|once|into|intra|sub|iv\b|im\b|sc\b))
  | U(?=/kg|/d|\ (?:daily|per|every|of)|/kg|/m) | (?<=\d\d\d\ )U(?![A-Za-z/])
  | (?:Gy|cGy|mSv|mCi|MBq|rads?)(?![A-Za-z])
  | [kK]?(?:cal|J)(?=/kg)
  | (?:10\^?\d+\ )?CFUs?(?![A-Za-z])
)"""
_FORM = r"""(?:
    tablets?|tabs?|capsules?|caps|caplets?|pills?|lozenges?|drops?|puffs?|sprays?|patch(?:es)?|suppositor(?:y|ies)
  | ampoules?|ampules?|vials?|sachets?|packets?|scoops?|softgels?|gummies|inhalations?|injections?|doses|spoonfuls?
  | (?:tea|table|dessert)spoon(?:ful)?s?|tsps?|tbsps?|TBSP|TSP|infusions?
)(?![A-Za-z])"""
_PERCENT = r"%\s*(?=(?:\w+\s+){0,2}(?:cream|ointment|gel|solution|lotion|shampoo|foam|spray|drops|patch|mouthwash)\b)"

# What an amount is given by, and how often: "/kg/day", "per kg", "twice a day", "b.i.d.", "every 8 hours".
_PER = r"""(?:
    \s*/\s*(?:kg|day|d|dose|week|wk|h|hr|hour|min|minute|m2|m²|person|month|mo|yr|year|24\ ?h|meal|serving|tablet|capsule|pill|night|24\ hours|pound|lb|rat|mouse|animal|cm2|injection|bw|body\ weight|kg\ bw|one|puff|spray|drop)(?![A-Za-z])
  | \s*(?:·|⋅|\.|\s)\s*(?:kg|d|day|h|min|m|wk|week)\s*(?:\(\s*-\s*\d\s*\)|[-−]\s*\d|⁻\s*[¹²³]|\^\s*-\s*\d)
  | \s+(?:per|a|an|each|every|for\ each)\s+(?:kg|kilograms?|kilo|day|dose|week|hour|minute|night|month|year|meal|serving|person|tablet|capsule|pill|square\ meter|m2|body\ weight|pound|lb|morning|evening|24\ hours|time|kg\ body\ weight)\b
)"""
_EVERY = r"""(?:
    (?:(?:once|twice|thrice|(?:one|two|three|four|five|six|\d+)(?:\s*(?:to|-|–|or)\s*(?:one|two|three|four|five|six|\d+))?\s+times?|1x|2x|3x)
       [\s-]*(?:(?:a|per|each|every|an)[\s-]+(?:day|week|month|year|night|hour)|daily|weekly|nightly|monthly|yearly|/\s*(?:day|d|week|wk)))\b
  | (?:once|twice|thrice)\ or\ (?:twice|thrice|three\ times)\ (?:a\ day|daily|per\ day|weekly|a\ week)\b
  | (?:every|each)\s+(?:other\s+)?(?:(?:\d+|two|three|four|six|eight|twelve)(?:\s*(?:to|-|–|or)\s*(?:\d+|two|three|four|six|eight|twelve))?\s*[\s-])?(?:days?|hours?|h|hrs?|weeks?|months?|nights?|mornings?|evenings?|minutes?|years?)\b
  | (?:daily|nightly|weekly|monthly|hourly|q\.?d\.?|b\.?i\.?d\.?|t\.?i\.?d\.?|q\.?i\.?d\.?|q\s?\d+\s?h(?:ours?)?|qhs|hs|prn|o\.?d\.?)(?![A-Za-z])
  | (?:at\ (?:bedtime|night)|before\ (?:bed|meals|sleep)|with\ meals|after\ meals|in\ the\ (?:morning|evening)|as\ a\ single\ dose|in\ (?:two|three|four|\d+)\ divided\ doses|in\ divided\ doses|on\ alternate\ days|as\ needed)\b
)"""
_ROUTE = r"""(?:
    (?:(?:by\ mouth|oral(?:ly)?|intravenous(?:ly)?|intramuscular(?:ly)?|subcutaneous(?:ly)?|intraperitoneal(?:ly)?|intranasal(?:ly)?
      |sublingual(?:ly)?|rectal(?:ly)?|vaginal(?:ly)?|topical(?:ly)?|transdermal(?:ly)?|inhaled|by\ injection|under\ the\ (?:skin|tongue)
      |into\ a\ (?:vein|muscle)|by\ gavage|intragastric(?:ally)?|intrathecal(?:ly)?|intra-?arterial(?:ly)?|perorally|per\ os|p\.o\.|i\.v\.|i\.m\.|s\.c\.|i\.p\.|i\.n\.|i\.g\.)
    | (?:po|iv|im|sc|ip|PO|IV|IM|SC|SQ|IP)(?![A-Za-z]))
)"""

_COUNT = rf"(?:{_NUMBER}|{_WORD_NUMBER})"
_AMOUNT = rf"""
    (?<![\w.,/^-])(?<!\d[-–])
    (?:
        {_NUMBER}(?:{_TO}{_NUMBER})*\s*-?\s*{_UNIT}(?:{_AND}{_NUMBER}\s*-?\s*{_UNIT})*
      | {_COUNT}(?:{_TO}{_COUNT})?(?:\s*-?\s*(?:{_NUMBER}\s*-?\s*(?:mg|mcg|µg|μg|g|IU)|low-dose|regular|level|heaping|daily|oral|intravenous|full|small|large|adult|baby)\s*)?[\s-]+{_FORM}
      | {_NUMBER}(?:{_TO}{_NUMBER})*\s*{_PERCENT}
    )
"""
# A few words may stand between an amount and how often it is given: "of vitamin D", "elemental magnesium".
_BETWEEN = r"(?:[\s,(]+(?!and\b|or\b|but\b|than\b|to\b|vs\b|versus\b|plus\b)[\w'’-]+){0,4}?[\s,(]+(?:given\s+|taken\s+|administered\s+)?"
_MORE = rf"(?:(?:\s+(?!and\b|or\b|to\b)[\w-]+){{0,3}}?{_PER}|{_BETWEEN}(?:{_EVERY}|{_ROUTE}))"

_DOSE = re.compile(rf"{_AMOUNT}(?:{_MORE}){{0,4}}", re.VERBOSE)
_TAKEN = re.compile(
    rf"""
    \b(?i:take|takes|taken|taking|given|giving|give|administered|dosed|applied|apply|inject(?:ed)?|used|use|dos(?:e|es|ing)
       |swallow(?:ed)?|prescribed|repeat(?:ed)?)\b
    (?:[\s,(]+(?!once|twice|thrice)[a-z'’-]+){{0,3}}?[\s,(]+
    (?P<said>{_EVERY}|{_ROUTE}\s+{_EVERY})
    """,
    re.VERBOSE,
)
# What a thing holds is not what is given: an amount in a volume or a mass ("40 ng/ml", "2 mmol Trolox/g").
_CONCENTRATION = re.compile(
    r"""
    (?:\s+(?!and\b|or\b|to\b|per\b)[\w-]+){0,3}?\s*(?:/|\bper\s+)\s*(?:\d+(?:\.\d+)?\s*)?
    (?:ml|mL|dl|dL|[lL]|lit(?:er|re)s?|deciliters?|cc|ng|mmol|mol|g|grams?|mg|kcal|cells?|milliliters?|cm3|m3|MJ|1000\ kcal)(?![A-Za-z])
  | \s*[·⋅.]?\s*(?:[lLgd]|dL|dl|mL|ml|m|cm)\s*(?:[(]?\s*[-−]\s*[123]|⁻\s*[¹²³])
  | (?:\s+[\w-]+){0,2}\s+in\s+(?:one|1|a)\s+(?:kg|g|liter|litre|l|kilogram)\b
    """,
    re.VERBOSE,
)
# Nor is what was measured, or weighed in for a test: "levels ranged from 0.3 to 10.2 µg/kg", "5 ml of blood".
_MEASURED = re.compile(
    r"""\b(?:
        concentrations?|levels?|contents?|residues?|detect\w*|detection|capacity|volumes?|excre\w+|output|weigh\w*|yields?
      | migration|bladder|creatinine|clearance|stools?|f(?:a)?ecal|urine|urinary|blood|plasma|serum|sampl\w+|extract(?:ed|ion)
      | rose|loss|lost|solution|solvents?|incubat\w+|homogen\w+|dissol\w+|prepar\w+|cultur\w+|medium
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OF_A_TEST = re.compile(
    r"\s*(?:of\s+)?(?:\w+\s+)?(?:Pb|Cd|Hg|blood|urine|plasma|serum|stool|feces|saliva|methanol|ethanol|buffer|solvent|tissue|medium)\b"
)
_GIVEN = re.compile(
    r"""\b(?:
        dos(?:e|es|ed|age|ages|ing) | given | gave | giv(?:e|ing) | tak(?:e|en|es|ing) | took | receiv\w+ | administ\w+ | intakes?
      | consum\w+ | supplement\w* | oral\w* | inject\w+ | infus\w+ | tablets? | capsules? | daily | drinks? | drank | eat\w* | ate
      | ingest\w+ | fed | prescri\w+ | treated\ with | treatment\ with | day | mouth | needs? | should | recommend\w*
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Units that are measured far more often than given: a dose only where the words before it speak of giving.
_RARELY_GIVEN = re.compile(r"(?:µ|μ|m|n)mol|m[Ee]q|m[lL]/min|milliliters per minute")
# An amount a day is mostly given.
_OFTEN = re.compile(r"(?:/\s*d(?:ay)?\b|\bday\b|daily|weekly|hours?\b)")
_FIGURE = re.compile(
    r"[\d½¼¾]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|once|twice|thrice|daily|every)\b",
    re.IGNORECASE,
)


def dose_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of the dose figures at `start:end` of a text, in order; none overlaps another."""
    found: list[tuple[int, int]] = []
    if not _FIGURE.search(text, start, end):
        return found
    at = start
    while amount := _DOSE.search(text, at, end):
        at = amount.end()
        if concentration := _CONCENTRATION.match(text, at, end):
            at = concentration.end()
        elif not _is_measured(text, start, end, amount):
            found.append((amount.start(), _trimmed_end(text, *amount.span())))
    for taken in _TAKEN.finditer(text, start, end):
        first, last = taken.span("said")
        if all(last <= a or first >= b for a, b in found):
            found.append((first, last))
    return sorted(found)


def _is_measured(text: str, start: int, end: int, amount: re.Match[str]) -> bool:
    """Say whether an amount was measured: what is tested follows it, or the last word before it that tells says so."""
    if _OF_A_TEST.match(text, amount.end(), end):
        return True
    before = text[max(start, amount.start() - BEFORE) : amount.start()].rsplit(". ", 1)[-1]
    given = max((word.start() for word in _GIVEN.finditer(before)), default=-1)
    measured = max((word.start() for word in _MEASURED.finditer(before)), default=-1)
    if given < 0 and _RARELY_GIVEN.search(amount[0]):
        return True
    return measured > given and (len(before) - measured < NEAR or not _OFTEN.search(amount[0]))


def _trimmed_end(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in " \t\n,(":
        end -= 1
    return end
