"""Answers: verbatim to the code point, checked against their sources, refused honestly, framed always."""

from __future__ import annotations

import gc
import hashlib
import json
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.indexes import Prebuilt
from support.properties import examples
from support.tiny_cross_encoder import write_cross_encoder

from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.core.config import Settings
from rag.core.errors import QuestionError
from rag.core.types.answers import Answer
from rag.core.types.ask import Ask
from rag.core.types.documents import AUTHOR
from rag.encoder.cross_encoder import CrossEncoder
from rag.render.wording import outcome
from rag.safety.framing import FRAMING, FRAMING_VERSION
from rag.search.diversity import AS_GOOD
from rag.search.finding import find
from rag.search.hits import rank_score
from rag.search.reranking import READ
from rag.text.words import content_words

QUESTIONS = (
    "How does magnesium act on the NMDA receptor?",
    "Who should not take magnesium?",
    "What did the open-label study of memantine in depression find?",
    "How long do the effects of ketamine last?",
    "What is excitotoxicity?",
    "Does amphetamine tolerance come from calcium?",
)


def flat(text: str) -> str:
    return " ".join(text.split())


def check_quotes(answer: Answer) -> None:
    for quote in answer.quotes:
        text = quote.document.text
        assert quote.text == text[quote.start : quote.end]
        assert text[: quote.start].endswith(quote.prefix)
        assert text[quote.end :].startswith(quote.suffix)
        assert all(quote.start <= a < b <= quote.end for a, b in quote.highlights)
        assert set(quote.highlights) <= set(quote.passage.sentences)
    assert [quote.rank for quote in answer.quotes] == list(range(1, len(answer.quotes) + 1))
    assert FRAMING in answer.notices


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_starter_corpus_answers_in_its_own_words(starter: Engine, question: str) -> None:
    answer = starter.ask(question)
    assert answer.status == "answered"
    assert answer.quotes
    assert answer.quotes[0].highlights
    check_quotes(answer)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What is the half-life of lamotrigine?", "lamotrigine"),
        ("Does aspirin prevent strokes?", "aspirin"),
        ("How do I renew my passport?", "passport"),
        ("镁是什么?", "镁是什么"),
    ],
)
def test_what_the_corpus_does_not_say_is_refused_with_the_words_it_lacks(
    starter: Engine, question: str, missing: str
) -> None:
    answer = starter.ask(question)
    assert (answer.status, answer.quotes) == ("not_in_corpus", ())
    assert missing in answer.missing_terms
    check_quotes(answer)


@examples(150)
@given(st.text(min_size=1, max_size=300))
def test_any_question_gets_an_answer_with_framing_or_a_clear_no(starter: Engine, question: str) -> None:
    try:
        answer = starter.ask(question)
    except QuestionError:
        assert not question.strip()
        return
    check_quotes(answer)
    assert 0 <= answer.confidence <= 1


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "x" * 2_001, "?" * 100_000])
def test_a_question_that_cannot_be_asked_is_said_so(starter: Engine, question: str) -> None:
    with pytest.raises(QuestionError):
        starter.ask(question)


def test_at_most_so_many_quotes(starter: Engine) -> None:
    assert len(starter.ask(QUESTIONS[0], quotes=2).quotes) == 2


def test_what_is_read_as_an_answer_comes_first_and_marks_what_answers(starter: Engine, tmp_path: Path) -> None:
    reader = CrossEncoder(write_cross_encoder(tmp_path, "calcium"))
    ask = Ask(QUESTIONS[0])
    plain = find(ask, starter.index, starter.encoder)
    found = find(ask, starter.index, starter.encoder, reader=reader)
    assert {hit.row for hit in found.hits} == {hit.row for hit in plain.hits}
    read = [hit for hit in found.hits if hit.reading]
    assert len(read) == READ
    before = {hit.row: rank_score(hit) for hit in plain.hits}
    for hit in read:
        assert hit.reading
        assert hit.bonus > 0
        assert rank_score(hit) > before[hit.row]
    assert found.evidence.reading == max(hit.reading.answers for hit in read if hit.reading)
    assert found.evidence.near == plain.evidence.near


def test_no_more_than_two_passages_of_one_document_in_a_row_while_another_has_one_as_good(starter: Engine) -> None:
    for question in QUESTIONS:
        hits = find(Ask(question, quotes=20), starter.index, starter.encoder).hits
        assert len(hits) > 5
        owners = [hit.passage.document_id for hit in hits]
        for place in range(2, len(hits)):
            if len(set(owners[place - 2 : place + 1])) == 1:
                others = [rank_score(hit) for hit in hits[place:] if hit.passage.document_id != owners[place]]
                assert all(other < rank_score(hits[place]) - AS_GOOD for other in others)


def test_what_is_said_twice_in_the_same_words_is_quoted_once(own: Settings) -> None:
    said = "Salt calms the heart of the sailor who stands at the wheel in the night and waits for the morning."
    for name in ("a", "b", "c"):
        (own.corpus / f"{name}.md").write_text(f"# Of {name}\n\n{said}\n")
    (own.corpus / "d.md").write_text("# Of d\n\nSalt calms nobody at all, as the captain of another ship found out.\n")
    build(own)
    engine = open_index(own.index)
    quotes = engine.ask("Does salt calm the heart of the sailor?").quotes
    first, *others = (quote for quote in quotes if said in quote.text)
    assert not others
    assert {first.document.path, *(other.path for other in first.also_in)} == {"a.md", "b.md", "c.md"}
    for other in first.also_in:
        assert engine.document(other.path).text[other.passage.start : other.passage.end].endswith(said)
        assert other.title == engine.document(other.path).title
    (own.corpus / first.also_in[0].path).write_text("Gone.")
    again = next(quote for quote in engine.ask("Does salt calm the heart of the sailor?").quotes if said in quote.text)
    assert again.also_in == first.also_in[1:]


def test_a_quote_whose_source_changed_or_vanished_is_not_shown(own: Settings) -> None:
    file = own.corpus / "a.txt"
    file.write_text("Salt calms the heart of the sailor.")
    build(own)
    engine = open_index(own.index)
    question = "Does salt calm the heart?"
    assert engine.ask(question).status == "answered"
    file.write_text("Salt harms the heart of the sailor.")
    answer = engine.ask(question)
    assert (answer.status, answer.quotes, answer.changed_sources) == ("withheld", (), ("a.txt",))
    file.unlink()
    assert engine.ask(question).changed_sources == ("a.txt",)


def test_a_source_that_is_written_again_unchanged_is_still_quoted(own: Settings) -> None:
    file = own.corpus / "a.txt"
    file.write_text("Salt calms the heart of the sailor.")
    build(own)
    file.write_text("Salt calms the heart of the sailor.")
    assert open_index(own.index).ask("Does salt calm the heart?").status == "answered"


def test_an_index_that_travels_alone_answers_and_says_so(prebuilt: Prebuilt, tmp_path: Path) -> None:
    own = prebuilt({"a.txt": "Salt calms the heart of the sailor."})
    own.corpus.rename(tmp_path / "elsewhere")
    answer = open_index(own.index).ask("Does salt calm the heart?")
    assert (answer.status, answer.sources_checked) == ("answered", False)
    again = open_index(own.index, tmp_path / "elsewhere").ask("Does salt calm the heart?")
    assert (again.status, again.sources_checked) == ("answered", True)


def test_an_index_that_cannot_be_written_answers(
    prebuilt: Prebuilt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = prebuilt({"a.txt": "Salt calms the heart of the sailor."})
    monkeypatch.setattr("rag.index.lexical.lexical_index.os.access", lambda *_: False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = sorted(own.index.rglob("*"))
    engine = open_index(own.index)
    assert engine.ask("Does salt calm the heart?").status == "answered"
    assert sorted(own.index.rglob("*")) == before
    assert list(tmp_path.glob("rag-lexical-*"))
    del engine
    gc.collect()
    assert not list(tmp_path.glob("rag-lexical-*"))


def test_an_index_reached_through_a_link_finds_its_corpus(prebuilt: Prebuilt, tmp_path: Path) -> None:
    own = prebuilt({"a.txt": "Salt calms the heart of the sailor."})
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "link").symlink_to(own.index)
    assert open_index(tmp_path / "deep" / "link").has_corpus


def test_a_word_that_no_document_holds_is_named_with_an_answer_too(starter: Engine) -> None:
    answer = starter.ask("Which receptor does memantine obviously block?")
    assert (answer.status, answer.missing_terms) == ("answered", ("obviously",))
    assert outcome(answer).startswith("No document holds: obviously. ")


def test_quoted_words_bear_their_speaker(own: Settings) -> None:
    (own.corpus / "a.md").write_text(
        "# Of salt\n\nThe author eats pepper.\n\nA sailor wrote at [the harbour](https://example.org/harbour):\n\n"
        "> Salt calms the heart of every sailor, I imagine.\n\nThe author sleeps.\n"
    )
    build(own)
    engine = open_index(own.index)
    quote = engine.ask("Does salt calm the heart?").quotes[0]
    assert quote.passage.attribution.kind == "quoted"
    assert quote.passage.attribution.url == "https://example.org/harbour"
    assert quote.text == "Salt calms the heart of every sailor, I imagine."
    own_words = engine.ask("What does the author eat? pepper").quotes[0]
    assert own_words.passage.attribution == AUTHOR


def test_a_link_points_at_the_words_of_the_document_itself(own: Settings) -> None:
    (own.corpus / "a.md").write_text("---\nurl: https://example.org/s#top\n---\nSalt, a well-kept one, calms.\n")
    (own.corpus / "b.md").write_text("---\nsource_url: https://example.org/p\n---\nPepper wakes the heart up.\n")
    build(own)
    engine = open_index(own.index)
    link = engine.ask("Does well-kept salt calm?").quotes[0].link
    assert link == "https://example.org/s#:~:text=Salt%2C%20a%20well%2Dkept%20one%2C%20calms."
    restated = engine.ask("Does pepper wake the heart?").quotes[0]
    assert restated.link is None  # the words quoted are not those of the page that was restated
    assert restated.document.entry.source_url == "https://example.org/p"


def test_the_framing_changes_only_with_its_version() -> None:
    assert (FRAMING_VERSION, FRAMING.text) == (
        1,
        "These are the sources' own words, not medical advice and not dosing guidance. "
        "Talk to a doctor or a pharmacist before you start, stop or change anything.",
    )


def test_context_is_shown_as_it_was_used(starter: Engine) -> None:
    answer = starter.ask("Who should not take it?", context=["Is magnesium supplementation safe?"])
    assert answer.searched_as == "Who should not take it? (magnesium supplementation safe)"
    assert any("bowel obstruction" in quote.text for quote in answer.quotes)


def test_content_words() -> None:
    assert content_words("What does the NMDA receptor do, and why?") == ["NMDA", "receptor"]
    assert content_words("What is it?") == ["What", "is", "it"]


def seed_questions(shared_data: Path) -> list[dict[str, object]]:
    file = shared_data / "questions" / "seeds.jsonl"
    if not file.is_file():
        pytest.skip("the questions of the seeds are not here")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def seeds_engine(seeds_settings: Settings) -> Engine:
    return open_index(seeds_settings.index)


def test_the_seeds_answer_their_questions(shared_data: Path, seeds_engine: Engine) -> None:
    ranks = []
    for question in seed_questions(shared_data):
        if question["status"] == "answered" and "question" in question:
            answer = seeds_engine.ask(str(question["question"]))
            check_quotes(answer)
            wanted = flat(str(question["quote"]))
            ranks.append(next((quote.rank for quote in answer.quotes if wanted in flat(quote.text)), 0))
    assert sum(0 < rank <= 5 for rank in ranks) >= 0.9 * len(ranks)
    assert sum(rank == 1 for rank in ranks) >= 0.7 * len(ranks)


def test_the_seeds_answer_follow_ups_in_the_first_three_quotes(shared_data: Path, seeds_engine: Engine) -> None:
    conversations = [each for each in seed_questions(shared_data) if "conversation" in each]
    assert conversations
    for each in conversations:
        *earlier, question = each["conversation"]  # type: ignore[misc]
        answer = seeds_engine.ask(question, context=earlier)
        check_quotes(answer)
        assert any(flat(str(each["quote"])) in flat(quote.text) for quote in answer.quotes[:3]), question


def test_the_seeds_answer_nothing_that_they_do_not_say(shared_data: Path, seeds_engine: Engine) -> None:
    asked = [q for q in seed_questions(shared_data) if q["status"] == "not_in_corpus"]
    assert not [q for q in asked if seeds_engine.ask(str(q["question"])).is_answered]


def test_the_quoted_post_of_the_blog_is_never_the_blogs_own_words(seeds_engine: Engine) -> None:
    quote = next(
        quote
        for quote in seeds_engine.ask("How does a stimulated nerve cell generate its electric signal?").quotes
        if "battery" in quote.text or "electrical signals" in quote.text
    )
    assert quote.passage.attribution.kind == "quoted"
    assert quote.passage.attribution.url is not None
    assert "addforums.com" in quote.passage.attribution.url


@examples(15)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=120), min_size=1, max_size=6
        ),
        min_size=1,
        max_size=4,
    )
)
def test_every_quote_stands_in_its_source_at_its_place(
    seeded: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]]
) -> None:
    """Documents of any characters at all, through the whole path, against the file's own bytes."""
    folder = tmp_path_factory.mktemp("any")
    settings = Settings(corpus=folder / "corpus", index=seeded(folder / "index"))
    settings.corpus.mkdir()
    for number, paragraphs in enumerate(texts):
        body = "\n\n".join(f"{paragraph} calms the heart." for paragraph in paragraphs)
        (settings.corpus / f"{number}.txt").write_bytes(f"Of salt and its ways.\n\n{body}\n".encode())
    build(settings)
    answer = open_index(settings.index).ask("What calms the heart of salt and its ways?")
    check_quotes(answer)
    assert answer.quotes
    for quote in answer.quotes:
        source = (settings.corpus / quote.document.path).read_bytes()
        assert hashlib.sha256(source).hexdigest() == quote.document.sha256
        assert source.decode("utf-8")[quote.start : quote.end] == quote.text
    shutil.rmtree(folder)


def test_text_is_not_normalised(own: Settings) -> None:
    decomposed = unicodedata.normalize("NFD", "Café salt calms the heart of the naïve, ﬁnally.")
    (own.corpus / "a.txt").write_text(decomposed)
    build(own)
    assert open_index(own.index).ask("Does café salt calm the heart?").quotes[0].text == decomposed
