"""Define the grammar of a dose figure, as patterns: an amount, then its unit, frequency and route.

5-20 mg/day      1,000 IU of vitamin D twice daily      10 mg/kg, i.p.      two tablets every 8 hours
"""

from __future__ import annotations

import re

# Thousands are parted by commas or spaces, decimals by a point, which may stand in the middle of the line.
_NUMBER = r"""(?:
    \d{1,3}(?:,\d{3})+(?:[.·]\d+)? | \d{1,3}(?:[\ \u00a0\u2009\u202f]\d{3})+(?!\d) | \d+(?:[.·]\d+)? | [.·]\d+
  | \d*[½¼¾]
)"""
_WORD_NUMBER = r"""(?i:
    one(?:[\ -](?:half|quarter|third))? | two | three | four | five | six | seven | eight | nine | ten | twelve
  | fifteen | twenty | thirty | forty | fifty | sixty | a\ hundred | one\ hundred
  | half(?:\ an?)?
)"""
_COUNT = rf"(?:{_NUMBER}|{_WORD_NUMBER})"
_TO = r"\s*(?:-|–|—|−|‐|‑|\bto\b|(?:,\s*)?\bor\b|(?:,\s*)?\band\b|±|\+/-|/|,|x|×)\s*"
_AND = r"\s*(?:-|–|—|−|\bto\b|\bor\b|\band\b|\+|±|\+/-)\s*"

# Units of mass, of activity, of what is swallowed by volume, and of radiation.
_UNIT = r"""(?:
    (?:
        mg | mgs | mcg | µg | μg | ug | g | gm | gms | grams? | milli-?grams? | microg | micro-?grams? | nano-?grams?
      | mEq | meq | mg-?eq | mmol | µmol | μmol | nmol
    )(?![A-Za-z\d²])
  | lit(?:er|re)s?(?=\ (?:of|a|per)\ |\ daily)
  | (?:ml|mls|mL|cc|milli-?lit(?:er|re)s?|fluid\ ounces?|fl\.?\ oz)(?![A-Za-z])
  | (?:IU|IUs|I\.U\.|iu|[Ii]nternational\ [Uu]nits?|USP\ units?|MIU|million\ (?:international\ )?units?)(?![A-Za-z])
  | units?(?=/|\s*(?:
        of\ (?!blood|packed|red|platelets|plasma|time|measure|length|alcohol|service)
      | per | a\ day | daily | every | twice | once | into | intra | sub | iv\b | im\b | sc\b
    ))
  | (?<=\d\d\d\ )units?(?![A-Za-z]) | U(?=/kg|/d|/m|\ (?:daily|per|every|of)) | (?<=\d\d\d\ )U(?!\.?[A-Za-z/])
  | GalU | (?:Gy|cGy|mSv|mCi|MBq|rads?)(?![A-Za-z])
  | k?(?:cal|J)(?=/kg)
  | MU(?![A-Za-z]) | CFUs?(?![A-Za-z])
)"""
_PERCENT = r"%\s*(?=(?:\w+\s+){0,2}(?:cream|ointment|gel|solution|lotion|shampoo|foam|spray|drops|patch|mouthwash)\b)"

# What is counted: the forms that medicine comes in, and spoons.
_FORM = r"""(?:
    tablets? | tabs? | capsules? | caps | caplets? | pills? | lozenges? | drops? | puffs? | sprays? | patch(?:es)?
  | suppositor(?:y|ies) | ampoules? | ampules? | vials? | sachets? | packets? | scoops? | softgels? | gummies
  | inhalations? | injections? | infusions? | doses? | spoonfuls? | (?:tea|table|dessert)spoon(?:ful)?s?
  | capfuls? | tsps? | tbsps? | TBSP | TSP
)(?![A-Za-z])"""
_BEFORE_FORM = rf"""(?:\s*-?\s*(?:
    {_NUMBER}\s*-?\s*(?:mg|mcg|µg|μg|g|IU)
  | low-dose | regular | level | heaping | daily | oral | intravenous | full | small | large | adult | baby
  | [a-z]+(?=\ (?:tablets|capsules|pills|drops|puffs))
)\s*)?"""

_AMOUNT = rf"""
    (?<![\w.,·/^-])(?=[\d.·½¼¾]|{_WORD_NUMBER})(?<!\d[-–])(?<!\d[\ \u00a0\u2009\u202f](?=\d{3}\D))
    (?:
        (?:10\^\d+|{_NUMBER}\+?(?:{_TO}{_NUMBER})*|{_WORD_NUMBER})\s*-?\s*{_UNIT}(?:{_AND}{_NUMBER}\s*-?\s*{_UNIT})*
      | {_COUNT}(?:{_TO}{_COUNT})?{_BEFORE_FORM}[\s-]+{_FORM}
      | {_NUMBER}(?:{_TO}{_NUMBER})*\s*{_PERCENT}
    )
"""

_PER = r"""(?:
    \s*/\s*(?:
        kg|kg\ bw|bw|body\ weight|pound|lb|m2|m²|cm2|day|d|24\ ?h|24\ hours|night|week|wk|month|mo|year|yr|h|hr|hour|min
      | minute|dose|injection|meal|serving|tablet|capsule|pill|puff|spray|drop|person|rat|mouse|animal|one
    )(?![A-Za-z])
  | \s*(?:·|⋅|\.|\s)\s*(?:kg|d|day|h|min|m|wk|week)\s*(?:\(\s*-\s*\d\s*\)|[-−]\s*\d|⁻\s*[¹²³]|\^\s*-\s*\d)
  | \s+(?:per|a|an|each|every|for\ each)\s+(?:
        kg|kg\ body\ weight|kilograms?|kilo|body\ weight|pound|lb|square\ meter|m2|day|24\ hours|night|morning|evening
      | week|month|year|hour|minute|time|dose|meal|serving|tablet|capsule|pill|person
    )\b
)"""
_TIMES = r"(?:one|two|three|four|five|six|\d+)"
_SOME = r"(?:two|three|four|six|eight|twelve|\d+)"
_EVERY = rf"""(?:
    (?:once | twice | thrice | {_TIMES}(?:\s*(?:to|-|–|or)\s*{_TIMES})?\s+times? | 1x | 2x | 3x)[\s-]*(?:
        (?:a|per|each|every|an)[\s-]+(?:day|week|month|year|night|hour) | daily | weekly | nightly | monthly | yearly
      | /\s*(?:day|d|week|wk)
    )\b
  | (?:once|twice|thrice)\ or\ (?:twice|thrice|three\ times)\ (?:a\ day|daily|per\ day|weekly|a\ week)\b
  | (?:every|each)\s+(?:other\s+)?(?:{_SOME}(?:\s*(?:to|-|–|or)\s*{_SOME})?\s*[\s-])?(?:
        days? | hours? | h | hrs? | weeks? | months? | nights? | mornings? | evenings? | minutes? | years?
    )\b
  | (?:
        daily | nightly | weekly | monthly | hourly | q\.?d\.? | b\.?i\.?d\.? | t\.?i\.?d\.? | q\.?i\.?d\.? | o\.?d\.?
      | OD | b\.?d\.? | t\.?d\.?s\.? | q\.?d\.?s\.? | nocte
      | q\s?\d+\s?h(?:ours?)? | qhs | hs | prn
    )(?![A-Za-z])
  | (?:
        at\ (?:bedtime|night) | before\ (?:bed|meals|sleep) | (?:with|after)\ meals | in\ the\ (?:morning|evening)
      | as\ a\ single\ dose | in\ (?:(?:two|three|four|\d+)\ )?divided\ doses | on\ alternate\ days | as\ needed
    )\b
)"""
_ROUTE = r"""(?:
    by\ (?:mouth|injection|gavage) | per\ os | perorally | inhaled | under\ the\ (?:skin|tongue)
  | into\ a\ (?:vein|muscle)
  | (?:
        or | intraven | intramuscul | subcutan | intraperiton | intranas | sublingu | rect | vagin | topic | transderm
      | intrathec | intra-?arteri
    )(?:al|ous|ar|eal|eous|ial)(?:ly)?(?![A-Za-z])
  | s/c | p\.o\. | i\.v\. | i\.m\. | s\.c\. | i\.p\. | i\.n\. | i\.g\.
  | (?:po|iv|im|sc|ip|PO|IV|IM|SC|SQ|IP)(?![A-Za-z])
)"""

# A few words may stand between an amount and how often it is given: "of vitamin D", "elemental magnesium".
_BETWEEN = r"""
    (?:[\s,(]+(?!(?:and|or|but|than|to|vs|versus|plus)\b)[\w'’-]+){0,4}?
    [\s,(]+(?:given\s+|taken\s+|administered\s+)?
"""
_MORE = rf"(?:(?:\s+(?!(?:and|or|to)\b)[A-Za-zµμ][\w-]*){{0,3}}?(?<!\ as){_PER}|{_BETWEEN}(?:{_EVERY}|{_ROUTE}))"

DOSE = re.compile(rf"{_AMOUNT}(?:{_MORE}){{0,4}}", re.VERBOSE)
"""An amount, with what follows it of route and interval."""

TAKEN = re.compile(
    rf"""
    \b(?i:
        take|takes|taken|taking|given|administered|treated|dosed|applied|apply|inject(?:ed)?|used|ingested
      | dos(?:e|es|ing)|swallow(?:ed)?|received|prescribed|repeat(?:ed)?
    )\b
    (?:[\s,()]+(?!once|twice|thrice)[a-z'’-]+){{0,5}}?[\s,()]+
    (?P<said>{_EVERY}|{_ROUTE}\s+{_EVERY})
    """,
    re.VERBOSE,
)
"""How often something is taken, where no amount is named: "taken twice daily"; the group `said` is that."""
