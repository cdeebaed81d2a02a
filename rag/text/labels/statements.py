"""Classify the statement that a sentence makes, by its words: an aim, a finding, or plain.

A sentence that says what a study asked is as near to the question as any, and answers nothing ("We examined whether
magnesium…"); one that says what came out does. The patterns are English and of research; other sentences are plain.
"""

from __future__ import annotations

import re

from rag.core.types.passages import Statement

_AIM = re.compile(
    r"""
    \b(?:
        aims?\ (?:of|was|is|were) | aimed\ (?:to|at) | objectives? | purpose\ (?:of|was) | set\ out\ to
      | to\ (?:determine|investigate|examine|assess|evaluate|explore|test|identify|compare|clarify|elucidate|study
              |address|estimate|quantify|characteri[sz]e|understand|define)
        \ (?:whether|if|the|how|this|associations?|which)
      | we\ (?:investigated|examined|assessed|evaluated|tested|explored|studied|sought|asked|hypothesi[sz]ed|compared
              |determined\ whether)
      | (?:is|are|remains?|was|were)\ (?:largely\ |still\ |poorly\ |not\ (?:well\ |fully\ |completely\ )?)?
        (?:unknown|unclear|controversial|understood|elusive|uncertain)
      | little\ is\ known | hypothesi[sz]e[ds]?\ that | was\ to\b
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FINDING = re.compile(
    r"""
    \b(?:
        we\ (?:found|find|show|showed|demonstrate|demonstrated|conclude|report|observed|identified|identify)
      | (?:results?|findings?|data|study|studies|analys[ie]s|these|this|here)\ (?:\w+\ ){0,3}
        (?:shows?|showed|shown|suggests?|suggested|indicates?|indicated|demonstrates?|demonstrated|reveals?|revealed
          |supports?|supported|provides?|identifies|identify)
      | conclusions? | in\ conclusion | thus | therefore | (?:is|was|were)\ associated | significantly | compared\ with
      | resulted\ in
    )\b
      | \bp\ ?[<=]\ ?0?\.\d
    """,
    re.IGNORECASE | re.VERBOSE,
)


def statement(sentence: str) -> Statement:
    """Say what kind of statement a sentence makes; one that says both aim and finding is a finding."""
    flat = " ".join(sentence.split())
    if _FINDING.search(flat):
        return "finding"
    return "aim" if _AIM.search(flat) or flat.endswith("?") else "plain"
