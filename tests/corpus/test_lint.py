"""What `check` finds in documents, each kind with what it must and must not be said of."""

from __future__ import annotations

import datetime
import gzip
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.paths import ROOT

from rag.cli.console import console
from rag.core.config import DEFAULT_MODEL, Settings
from rag.core.identity import document_id
from rag.core.types.documents import Block, BlockKind, CatalogueEntry, Document
from rag.core.types.reports import Finding
from rag.corpus.lint import lengths
from rag.corpus.lint.broken_text import broken_text
from rag.corpus.lint.check import check
from rag.corpus.lint.copies import HOLDERS, near_duplicates
from rag.corpus.lint.language import other_language, told_language
from rag.corpus.lint.lengths import Lengths
from rag.corpus.lint.page_furniture import set_aside
from rag.encoder.onnx import Encoder
from rag.readers.reading import Draft
from rag.render.terminal import print_findings
from rag.text.splitter_settings import SPLITTER
from rag.text.splitting import split

TODAY = datetime.date(2026, 12, 1)
GENERAL = {"no title", "no source", "no licence", "no date"}

ENGLISH = """Salt keeps the water in the body, and the kidneys decide how much of it may stay. Whoever sweats a great
deal loses both, and should drink more than usual; a pinch of salt in the soup is enough for most people. What the
heart does with it is another question, which is answered in the next chapter, and not by everybody in the same way."""

OTHERS = {
    "German": """Das Salz hält das Wasser im Körper, und die Nieren entscheiden, wie viel davon bleiben darf. Wer stark
    schwitzt, verliert beides und sollte mehr trinken als sonst; eine Prise Salz in der Suppe ist für die meisten genug.
    Was das Herz damit macht, ist eine andere Frage, die im nächsten Kapitel beantwortet wird, und nicht von allen auf
    die gleiche Weise.""",
    "French": """Le sel retient l'eau dans le corps, et les reins décident de la quantité qui peut y rester. Celui qui
    transpire beaucoup perd les deux et devrait boire plus que d'habitude ; une pincée de sel dans la soupe est
    suffisante pour la plupart des gens. Ce que le cœur en fait est une autre question, à laquelle on répond dans le
    chapitre suivant, et pas par tous de la même façon.""",
    "Spanish": """La sal retiene el agua en el cuerpo y los riñones deciden cuánta puede quedarse. Quien suda mucho
    pierde las dos y debería beber más que de costumbre; una pizca de sal en la sopa es suficiente para la mayoría de
    las personas. Lo que el corazón hace con ella es otra cuestión, que se responde en el capítulo siguiente, y no por
    todos del mismo modo.""",
    "Portuguese": """O sal retém a água no corpo, e os rins decidem quanto dela pode ficar. Quem transpira muito perde
    os dois e deveria beber mais do que de costume; uma pitada de sal na sopa é suficiente para a maioria das pessoas.
    O que o coração faz com ele é uma outra questão, que se responde no capítulo seguinte, e não por todos do mesmo
    modo.""",
    "Italian": """Il sale trattiene l'acqua nel corpo e i reni decidono quanta ne può restare. Chi suda molto perde
    tutti e due e dovrebbe bere più del solito; un pizzico di sale nella minestra è sufficiente per la maggior parte
    delle persone. Che cosa ne fa il cuore è un'altra questione, alla quale si risponde nel capitolo seguente, e non da
    tutti nello stesso modo.""",
    "Dutch": """Het zout houdt het water in het lichaam vast, en de nieren bepalen hoeveel daarvan mag blijven. Wie veel
    zweet, verliert ze allebei en zou meer moeten drinken dan anders; een snufje zout in de soep is voor de meeste
    mensen genoeg. Wat het hart daarmee doet, is een andere vraag, die in het volgende hoofdstuk wordt beantwoord, en
    niet door iedereen op dezelfde manier.""",
    "Polish": """Sól zatrzymuje wodę w ciele, a nerki decydują o tym, ile jej może pozostać. Kto mocno się poci, traci
    jedno i drugie i powinien pić więcej niż zwykle; szczypta soli w zupie jest dla większości ludzi wystarczająca. To,
    co robi z nią serce, jest innym pytaniem, na które odpowiada się w następnym rozdziale, i nie przez wszystkich w ten
    sam sposób. Nie należy się tego bać, bo od tego jest lekarz.""",
    "Swedish": """Saltet håller kvar vattnet i kroppen, och njurarna bestämmer hur mycket av det som får vara kvar. Den
    som svettas mycket förlorar båda och ska dricka mer än vanligt; en nypa salt i soppan är nog för de flesta. Vad
    hjärtat gör med det är en annan fråga, som besvaras i nästa kapitel, och inte av alla på samma sätt.""",
    "Danish or Norwegian": """Saltet holder på vandet i kroppen, og nyrerne bestemmer, hvor meget af det der må blive.
    Den, som sveder meget, mister begge og skal drikke mere end ellers; en knivspids salt i suppen er nok for de fleste.
    Hvad hjertet gør med det, er et andet spørgsmål, som bliver besvaret i det næste kapitel, og ikke af alle på den
    samme måde.""",
    "Cyrillic": """Соль удерживает воду в теле, и почки решают, сколько её может остаться. Кто сильно потеет, теряет и
    то и другое, и ему следует пить больше обычного; щепотки соли в супе большинству людей достаточно. Что с ней делает
    сердце, это другой вопрос, на который отвечает следующая глава, и не все отвечают на него одинаково. Бояться этого
    не надо, для этого и есть врач.""",
    "Chinese or Japanese": "盐把水留在身体里，肾脏决定其中多少可以留下。出汗多的人两样都会失去，应当比平时多喝水。" * 4,
}


def made(*blocks: str | tuple[BlockKind, str], page: int | None = None, **entry: Any) -> Document:
    """A document of paragraphs, or of blocks with their kinds; its lines are those of its text unless it has pages."""
    draft = Draft()
    line = 1
    for block in blocks:
        kind, text = block if isinstance(block, tuple) else ("paragraph", block)
        lines = None if page else (line, line + text.count("\n"))
        draft.add(kind, text, lines, page=page)
        line += text.count("\n") + 2
    reading = draft.finish()
    return document(reading.text, reading.blocks, **entry)


def document(text: str, blocks: tuple[Block, ...], path: str = "a.txt", **entry: Any) -> Document:
    sha256 = "0" * 64
    return Document(
        document_id(sha256), path, sha256, "text/plain", "utf-8", "A", text, blocks, CatalogueEntry(**entry)
    )


@pytest.mark.parametrize("language", OTHERS)
def test_another_language_is_told_by_its_words_or_its_letters(language: str) -> None:
    assert told_language(OTHERS[language]) == language
    (finding,) = other_language(made(OTHERS[language], language="en"))
    assert (finding.level, finding.kind) == ("warning", "language")
    assert language in finding.message and "find it badly" in finding.message
    assert told_language(f"{ENGLISH} {OTHERS[language]}") in (None, "English"), "in both"
    assert told_language(" ".join(OTHERS[language].split()[:30])[:90]) is None, "too little to tell"


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        "A. de la Cruz, M. van der Berg, P. von Stein and L. del Rio, Revista de la Sociedad de Farmacia. " * 12,
        "The word und and the words der, die and das are German; le, la, les and des are French. " * 6,
        "Acetaminophen 500 mg oral tablet; ibuprofen 200 mg; magnesium citrate 100 mg; ketamine. " * 12,
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore. " * 8,
        "Let α and β be the shares of the λ-receptors, with Δx = λ·μ, in the same way as ρ and σ. " * 12,
    ],
)
def test_no_other_language_is_told_in_doubt(text: str) -> None:
    assert not list(other_language(made(text)))
    assert not list(other_language(made(text, language="en-GB")))


def test_a_stated_language_counts_where_the_words_say_nothing_else() -> None:
    (finding,) = other_language(made("Sól.", language="pl"))
    assert "stated as 'pl'" in finding.message
    (finding,) = other_language(made(ENGLISH, language="de-AT"))
    assert "its words are English" in finding.message
    assert not list(other_language(made("Salt.", language="und")))
    assert not list(other_language(made(ENGLISH, language="eng")))
    furniture = Block(0, len(OTHERS["German"]), "paragraph", furniture="page header")
    assert not list(other_language(document(OTHERS["German"], (furniture,))))
    assert not list(other_language(made(("code", OTHERS["German"]))))


BROKEN = {
    "decoded wrongly": [
        "He drank cafÃ© au lait.",
        "It doesnâ€™t help.",
        "The coeï¬\u0081cient is 3.",
        "Copyright Â© 2011.",
        "Take 5 Âµg at 20 Â°C.",
        "a â‰¥ b, x âˆ’ y",
        "TNF-Î± fell.",
        "It doesn\u0092t help.",
    ],
    "lost": ["It doesn\ufffdt help.", "Nuclear Factor-\ufffdB"],
    "own font": ["The e\ue000ect of a di\ue001erent e\ue000ort.", "A \ue101\ue102\ue103\ue104 \ue105\ue106\ue107"],
    "numbers of a font": ["(cid:12)(cid:34)(cid:7) of salt"],
    "letters stand apart": ["T h i s  i s  a  t e x t  o f  s a l t.", "C O N T E N T S  O F  C H A P T E R"],
    "run together": [
        "Thesaltkeepsthewaterinthebody,andthekidneysdecidehowmuchofitmaystay. Whoeversweatsagreatdeallosesboth,too."
    ],
    "hardly any letters": ["!\"#$% &'()*+ ,-./:; <=>?@ [\\]^_ a" * 6],
}


@pytest.mark.parametrize(("sort", "text"), [(sort, text) for sort, texts in BROKEN.items() for text in texts])
def test_broken_text_is_named_with_an_example_and_its_place(sort: str, text: str) -> None:
    (finding,) = broken_text(made(ENGLISH, text))
    assert (finding.path, finding.level, finding.kind) == ("a.txt", "warning", "broken text")
    assert sort in finding.message.lower() and "such as in '" in finding.message.replace('"', "'")
    assert finding.lines == (5, 5), "the fourth line is empty"
    (finding,) = broken_text(made(ENGLISH, text, page=7))
    assert (finding.lines, finding.page) == (None, 7)
    assert not list(broken_text(made(ENGLISH, ("code", text)))), "code may hold what it likes"


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        *OTHERS.values(),
        "The man said “CAFÉ” and „SPAẞ“ and “À”, IRMÃ and CRIANÇA; Â, Ã, ï, â and € alone.",
        "Prices: 5 €, 7 £, ½ and ¼; naïve façade; São Paulo; ÂNGELA; GARÇÃO: 3",
        "\uf0b7 a bullet of a font's own, and an arrow \uf0e0 between words",
        "\uf015Home and more\uf105 with the signs of an icon font",
        "\x84 a bullet of a font's own",
        "Columns A B C D E F G H I J, answers a b c d e f g h and Y N Y N Y N Y N N Y.",
        "The sequence A T G C A T G C A A T T G C A T of bases, and x y z w v u as unknowns.",
        "J. R. R. T. and E. T. A. H. wrote to A B and C D.",
        "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAVQVKVKALPDAQFEVVHSLAKWKRQTLGQHDFSAGEGLYTHMKALRPDE",
        "https://example.org/a/very/long/address/that/goes/on/and/on/and/on/to/the/end/of/the/line/and/beyond.html",
        "Donaudampfschifffahrtsgesellschaft und Rindfleischetikettierung sind lange Wörter, aber diese hier nicht.",
        "acetylsalicylic acid, hydroxychloroquine, dextromethorphan, methylphenidate, carboxymethylcellulose",
        "Contents . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . 3",
        "Contents....................................................................................................3",
        "12.5\t(3.4–7.8)\t0.03\n" * 10,
        "f(x) = (a + b)² / (c − d) · ∑ x² ≤ y",
        "这是一个没有空格的句子它很长" * 20,
    ],
)
def test_what_is_whole_is_not_called_broken(text: str) -> None:
    assert not list(broken_text(made(text)))


@given(st.text(max_size=200))
def test_whatever_a_document_holds_nothing_breaks(text: str) -> None:
    made_of = made(text) if text.isprintable() and text.strip() else made("x" + text)
    found = [
        *broken_text(made_of),
        *other_language(made_of),
        *set_aside(made_of),
        *Lengths("no such model").cut(made_of),
    ]
    assert all(finding.message for finding in found)


def test_each_sort_of_broken_text_is_named_once_with_how_often() -> None:
    texts = [f"It doesnâ€™t help, said {number}." for number in range(9)]
    (finding,) = broken_text(made(*texts))
    assert "9 times (lines 1, 3, 5, 7, 9 and 4 more)" in finding.message
    assert finding.lines == (1, 1)
    (finding,) = broken_text(made(ENGLISH, "Salt\nis Â©\ngood Â©\nfor Â© Â© you."))
    assert "4 times (lines 6, 7 and 8)" in finding.message


LONG = ", ".join(f"item {number} of salt" for number in range(70)) + "."


def test_what_is_longer_than_a_passage_is_said_to_be_cut(exported_encoder: Path) -> None:
    count = Encoder(exported_encoder).count_tokens
    text = made(ENGLISH, LONG, ("list item", LONG), ("table row", LONG.replace(",", ".")), f"Short. {LONG}", ENGLISH)
    (finding,) = Lengths(DEFAULT_MODEL).cut(text)
    assert (finding.level, finding.kind, finding.lines) == ("note", "cut", (5, 5))
    assert finding.message.startswith("1 list item and 2 sentences and 1 table row (lines 5, 7, 9 and 11) are longer")
    pieces = list(split(text, count, SPLITTER))
    inside = [span for piece in pieces for span in piece.sentences]
    assert not [span for span in inside if count(text.text[slice(*span)]) > SPLITTER.passage_tokens], "they are cut"
    fitting = made(*[ENGLISH] * 5, " ".join([ENGLISH] * 5), ("table row", "a\tb\tc"))
    assert not list(Lengths(DEFAULT_MODEL).cut(fitting)), "paragraphs are parted between sentences"


def test_lengths_are_counted_as_the_encoder_counts(exported_encoder: Path) -> None:
    count, own = Encoder(exported_encoder).count_tokens, lengths._tokens(DEFAULT_MODEL)
    for text in ("", ENGLISH, LONG, *OTHERS.values()):
        assert own(text) == count(text)


def test_without_a_tokenizer_only_what_is_beyond_doubt_is_said(tmp_path: Path) -> None:
    words = int(SPLITTER.passage_tokens * lengths.BEYOND_DOUBT)
    measure = Lengths(str(tmp_path / "no model"))
    assert not list(measure.cut(made("salt " * words)))
    (finding,) = measure.cut(made("salt " * (words + 2), page=3))
    assert "1 sentence is longer" in finding.message and "estimated by words" in finding.message
    assert finding.page == 3


def test_furniture_is_listed_where_it_is_little_and_summed_up_where_it_is_much() -> None:
    draft = Draft()
    for page in range(1, 31):
        draft.add("paragraph", "Salt\nQuarterly", None, furniture="running head", page=page)
        draft.add("paragraph", ENGLISH, None, page=page)
        draft.add("paragraph", str(page), None, furniture="page number", page=page)
    draft.add("paragraph", "Follow us", None, furniture="an invitation", page=30)
    reading = draft.finish()
    found = list(set_aside(document(reading.text, reading.blocks)))
    assert [(finding.page, finding.message) for finding in found] == [
        (1, "Set aside as running head, 30 times (pages 1, 2, 3, 4, 5 and 25 more): 'Salt Quarterly'"),
        (1, "Set aside as page number, 30 times (pages 1, 2, 3, 4, 5 and 25 more): '1', '2', '3', …"),
        (30, "Set aside as an invitation: 'Follow us'"),
    ]


def words(start: int, count: int = 60) -> str:
    return " ".join(f"word{number}" for number in range(start, start + count))


def copies(*documents: tuple[str, str, dict[str, Any]]) -> list[tuple[str, str]]:
    """Pairs of a copy and what it is said to be a copy of."""
    there = [document(text, (Block(0, len(text), "paragraph"),), path=path, **entry) for path, text, entry in documents]
    return [(finding.path, finding.message.split(" stands in ")[1].split()[0]) for finding in near_duplicates(there)]


def test_one_is_named_as_the_other_s_copy() -> None:
    assert copies(("a", words(0), {}), ("b", words(1), {}), ("c", words(500), {})) == [("b", "a")]
    assert copies(("a", words(0), {}), ("b", words(0, 200), {})) == [("a", "b")], "the short one is in the long one"
    assert copies(("a", words(0, 200), {}), ("b", words(0), {})) == [("b", "a")]
    assert copies(("a", words(0), {}), ("b", words(40), {})) == []
    assert copies(("a", words(0), {}), ("b", words(10), {}), ("c", words(2), {})) == [("b", "a"), ("c", "a")]


def test_withdrawn_documents_are_no_copies_to_mend() -> None:
    assert copies(("new", words(0), {}), ("old", words(1), {"superseded_by": "new"})) == []
    assert copies(("2020", words(0), {"superseded_by": "2024"}), ("2024", words(1), {})) == []
    assert copies(("a", words(0), {}), ("b", words(1), {"retracted": "yes"})) == []
    assert copies(("a", words(0), {"retracted": "yes"}), ("b", words(1), {})) == [("b", "a,")], "which is retracted"


def test_boilerplate_of_many_documents_makes_no_copies() -> None:
    none: dict[str, Any] = {}
    many = [(f"{number:03}", f"{words(0, 40)} {words(1000 * (number + 1), 60)}", none) for number in range(HOLDERS + 9)]
    assert copies(*many) == []
    same = [(f"{number:03}", f"{words(0)} {number}", none) for number in range(5)]
    assert copies(*same) == [(path, "000") for path, _, _ in same[1:]]


def test_a_corpus_is_linted_for_all_of_it(own: Settings) -> None:
    front = "---\ntitle: T\nlicence: CC0\npublisher: P\npublished: 2026\n---\n"
    for name, text in {
        "german.md": front + OTHERS["German"],
        "broken.txt": "Salt doesnâ€™t help.",
        "long.txt": LONG,
        "fine.md": front + ENGLISH,
        "overdue.md": front.replace("---\n", "---\nreview_due: 2026-01-01\n", 1) + "Pepper wakes.",
    }.items():
        (own.corpus / name).write_text(text)
    found = check(own.corpus, TODAY)
    assert [(each.path, each.kind) for each in found if each.kind not in GENERAL] == [
        ("broken.txt", "broken text"),
        ("german.md", "language"),
        ("long.txt", "cut"),
        ("overdue.md", "review overdue"),
    ]
    assert {each.kind for each in found if each.path == "long.txt"} == GENERAL | {"cut"}
    other = check(own.corpus, TODAY, model="models/of-my-own")
    assert "language" not in {each.kind for each in other}, "who knows which languages it understands"
    assert not [each for each in found if each.path == "fine.md"]


def test_a_finding_s_page_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([Finding("a.pdf", "warning", "broken text", "Look.", page=7)], console(True))
    assert "broken text (page 7): Look." in capsys.readouterr().out


def test_linting_needs_no_torch_and_no_index(own: Settings) -> None:
    (own.corpus / "a.txt").write_text(LONG)
    program = (
        "import sys, datetime, pathlib; from rag.corpus.lint.check import check; "
        "found = check(pathlib.Path(sys.argv[1]), datetime.date(2026, 12, 1)); "
        "assert 'cut' in {each.kind for each in found}; "
        "print([name for name in ('torch', 'onnxruntime', 'sentence_transformers') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(own.corpus)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert ran.stdout == "[]\n"


def test_the_starter_corpus_has_nothing_to_mend(starter_settings: Settings) -> None:
    assert check(starter_settings.corpus, TODAY) == []


def test_the_seeds_are_whole_and_in_english(shared_data: Path) -> None:
    found = check(shared_data / "seeds", TODAY)
    assert not {finding.kind for finding in found} & {"language", "broken text"}


def test_of_public_web_pages_few_are_called_broken(shared_data: Path, tmp_path: Path) -> None:
    pages = sorted((shared_data / "data" / "html_articles" / "html").glob("*.html.gz"))
    if not pages:
        pytest.skip("the web pages are not here")
    for page in pages:
        (tmp_path / page.name.removesuffix(".gz")).write_bytes(gzip.decompress(page.read_bytes()))
    found = check(tmp_path, TODAY)
    assert [finding.path for finding in found if finding.kind == "broken text"] == []
    assert len([finding for finding in found if finding.kind == "language"]) == 13


def test_every_kind_of_finding_stands_in_the_readme() -> None:
    sources = (ROOT / "rag" / "corpus").rglob("*.py")
    pattern = re.compile(r'"(?:problem|warning|note)",\s+"([a-z -]+)"')
    kinds = {kind for source in sources for kind in pattern.findall(source.read_text(encoding="utf-8"))}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {"broken text", "language", "cut", "furniture", "near-duplicate", "question set", "synonyms"} <= kinds
    assert not [kind for kind in kinds if f"`{kind}`" not in readme]
