"""Find documents in another language than the embedding model's, by words and letters; in doubt, none."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping

from rag.core.types.documents import Document
from rag.core.types.reports import Finding

FEWEST_WORDS = 50
"""Below so many words nothing is told by them."""

SHARE = 0.12
"""The share of a text's words that a language's function words make up; in running text it is 0.25 and more."""

TIMES = 3
"""How many times as frequent as English ones they must be: a text in both languages is left alone."""

DIFFERENT = 5
"""How many different ones there must be: names and titles of works bring along a few."""

_ENGLISH = frozenset(
    """the of and to in is are was were for that with as it be by on this from or which have has had not at an can may
    their they you your we our will would should been than who what when how if but these those there about""".split()
)

# Some are English words or parts of names as well: many of them, different ones, and few English ones must be there.
_FUNCTION_WORDS: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "German": """der und ist das nicht von mit den dem sich ein eine einer einem einen auf für im zu auch werden
        wird bei oder sind nach wie durch es über zum zur kann aus als""",
        "French": """le la les des et est une dans que pour qui par sur avec du au aux ce cette sont pas plus être ont
        ou il elle en un leur ces nous vous""",
        "Spanish": """el la los las de que y en por con para una un del se al como más su es son pero este esta sus
        lo no puede entre también ser""",
        "Portuguese": """o os as da do das dos de que e em para com uma um não por mais na no nas nos ao se é são foi
        ou também pode ser como sua seu pelo pela""",
        "Italian": """il lo la gli le di che e è un una per con del della dei delle nel nella sono si non da al alla
        più come anche questo questa essere può""",
        "Dutch": """de het een van en in is dat op te zijn met voor niet aan er ook als bij door wordt worden deze naar
        uit maar om of kan hebben heeft""",
        "Polish": """i w na z się nie do że jest to jak o po od przez oraz są lub dla który która które może być tym
        ich ze przy""",
        "Czech": """a v se na je že s z do o i jako pro nebo by které který která jsou není při po k ve být mohou také
        od za""",
        "Romanian": """și în de la cu pe este sunt care din o un nu se pentru mai sau prin ca fi al ale sa că poate
        această acest""",
        "Swedish": """och att det som en är på av för med den till inte om ett har de eller kan från vid men var ska
        vara hos""",
        "Danish or Norwegian": """og at å det som en er på af av for med den til ikke om et har de eller kan fra ved
        men der skal være hos""",
        "Finnish": """ja on ei se että oli ovat joka myös tai kun mutta sen voi kuin sekä jos ole hän niin ne jotka
        voidaan""",
        "Hungarian": """a az és hogy nem is egy van meg de ez vagy mint csak ha el volt már azt lehet kell""",
        "Turkish": """ve bir bu için ile da de olarak olan daha gibi çok en veya kadar ise sonra her değil olur""",
    }.items()
}

_SCRIPTS = {
    "GREEK": "Greek",
    "CYRILLIC": "Cyrillic",
    "ARMENIAN": "Armenian",
    "GEORGIAN": "Georgian",
    "HEBREW": "Hebrew",
    "ARABIC": "Arabic",
    "DEVANAGARI": "Devanagari",
    "BENGALI": "Bengali",
    "GURMUKHI": "Gurmukhi",
    "GUJARATI": "Gujarati",
    "TAMIL": "Tamil",
    "TELUGU": "Telugu",
    "KANNADA": "Kannada",
    "MALAYALAM": "Malayalam",
    "SINHALA": "Sinhala",
    "ETHIOPIC": "Ethiopic",
    "HANGUL": "Korean",
    "THAI": "Thai",
    "LAO": "Lao",
    "KHMER": "Khmer",
    "MYANMAR": "Burmese",
    "CJK": "Chinese or Japanese",
    "HIRAGANA": "Chinese or Japanese",
    "KATAKANA": "Chinese or Japanese",
}
"""Scripts by the first word of their letters' names in Unicode."""

SCRIPT_SHARE = 2 / 3
"""The share of a text's letters from which it is said to be in their script."""

_UNSPACED = frozenset({"Thai", "Lao", "Khmer", "Burmese", "Chinese or Japanese"})
"""Scripts that set no spaces between words: two letters count as one."""

_WORD = re.compile(r"[^\W\d_]+")
_NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx"})


def other_language(document: Document) -> Iterator[Finding]:
    """Warn of a document that is plainly not English, or of a stated language that its words belie."""
    shown = (document.text[b.start : b.end] for b in document.blocks if not b.furniture and b.kind != "code")
    language = told_language("\n".join(shown))
    stated = document.entry.language or ""
    primary = re.split(r"[-_]", stated.strip().lower())[0]
    foreign = bool(primary) and not primary.startswith("en") and primary not in _NO_LANGUAGE
    if language == "English" and foreign:
        message = f"Its language is stated as {stated!r}, but its words are English. Mend what is stated of it."
    elif language and language != "English":
        what = f"is in {language} letters" if language in _SCRIPTS.values() else f"looks {language}"
        message = f"Its text {what}: {_MEANING}"
    elif foreign:
        message = f"Its language is stated as {stated!r}: {_MEANING}"
    else:
        return
    yield Finding(document.path, "warning", "language", message)


_MEANING = (
    "the embedding model knows English, so that questions will find it badly. Take an English version in, or build "
    "with a model of that language (--model)."
)


def told_language(text: str) -> str | None:
    """Return the language, or the script, that a text is plainly in; None in doubt."""
    letters: Counter[str] = Counter()
    for character, count in Counter(text).items():
        if character.isalpha():
            letters[_script(character)] += count
    script, most = max(letters.items(), key=lambda pair: pair[1], default=("", 0))
    words = _WORD.findall(text.lower())
    size = most // 2 if script in _UNSPACED else len(words)
    if size < FEWEST_WORDS:
        return None
    if script:
        return script if most > SCRIPT_SHARE * letters.total() else None
    return _by_function_words(Counter(words))


def _script(letter: str) -> str:
    """Return a letter's script by name; the empty text for Latin letters and for signs of mathematics."""
    return "" if letter.isascii() else _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0], "")


def _by_function_words(words: Counter[str]) -> str | None:
    total = words.total()
    english = _held(words, _ENGLISH)
    counted = {name: _held(words, listed) for name, listed in _FUNCTION_WORDS.items()}
    best = max(counted, key=lambda name: counted[name])
    if english >= SHARE * total and english >= TIMES * counted[best]:
        return "English"
    different = sum(word in words for word in _FUNCTION_WORDS[best])
    if counted[best] >= SHARE * total and counted[best] >= TIMES * english and different >= DIFFERENT:
        return best
    return None


def _held(words: Counter[str], listed: frozenset[str]) -> int:
    return sum(words[word] for word in listed)
