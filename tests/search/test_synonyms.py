"""The curator's synonyms: read line by line, kept with the index, searched with, shown, and never asked for."""

from __future__ import annotations

import datetime
import json
import re

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from support.properties import examples

from rag.answer.engine import Engine, open_index
from rag.building.build import build
from rag.building.status import status
from rag.cli.main import command
from rag.cli.ready import ready_engine
from rag.core.config import Settings
from rag.core.types.answers import Filters
from rag.corpus.lint.check import check
from rag.corpus.scan import scan
from rag.corpus.synonyms_file import parse_synonyms, read_synonyms
from rag.page.html.page_html import report_html
from rag.render.json_records import answer_record
from rag.render.markdown import answer_markdown
from rag.render.markup import answer_html
from rag.search.hits import retrieve
from rag.search.terms import alternatives, asked
from rag.text.synonyms import MOST, Expansion, SynonymRule, Synonyms, expand, words_of

TODAY = datetime.date(2026, 11, 25)
HEART = (
    "heart attack = myocardial infarction\nhigh blood pressure, hypertension, raised pressure\nspecial k -> ketamine\n"
)


def synonyms(text: str) -> Synonyms:
    rules, problems = parse_synonyms(text.encode())
    assert problems == []
    return Synonyms(tuple(rules))


class Words:
    """A vocabulary of some words, the first of them the commonest."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def terms(self, text: str) -> list[str]:
        return re.findall(r"\w+", text.lower())

    def contains(self, term: str) -> bool:
        return term in self.words

    def inverse_document_frequency(self, term: str) -> float:
        return float(self.words.index(term) + 1) if term in self.words else 10.0


def test_groups_and_one_way_rules() -> None:
    rules, problems = parse_synonyms(
        "\ufeff# kept by the curator\r\nheart attack = myocardial infarction # lay, clinical\r\n\r\n"
        "high  blood pressure, hypertension=HTN\rspeed, uppers => amphetamine\nADHD meds → amphetamine".encode()
    )
    assert problems == []
    group = ("high blood pressure", "hypertension", "HTN")
    assert rules == [
        SynonymRule(("heart attack", "myocardial infarction"), ("heart attack", "myocardial infarction"), 2),
        SynonymRule(group, group, 4),
        SynonymRule(("speed", "uppers"), ("amphetamine",), 5),
        SynonymRule(("ADHD meds",), ("amphetamine",), 6),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"heart attack", "names one thing only"),
        (b"heart attack, Heart  Attacks", "names one thing only"),
        (b"a -> a", "names one thing only"),
        (b"= b", "A phrase is missing"),
        (b"a,, b", "A phrase is missing"),
        (b"a ->", "A phrase is missing"),
        (b"!!! = b", "'!!!' has no word"),
        (b"a -> b -> c", "two arrows"),
        (b"it = magnesium", "Any question may hold 'it'"),
        (b"caf\xe9 = coffee", "not UTF-8"),
        (b"x" * 81 + b" = b", "more than 80 characters"),
    ],
)
def test_a_broken_line_is_named_and_the_others_are_used(line: bytes, message: str) -> None:
    rules, problems = parse_synonyms(b"speed -> amphetamine\n" + line + b"\nopioid = opiate\n")
    assert [rule.line for rule in rules] == [1, 3]
    (problem,) = problems
    assert (problem.path, problem.level, problem.lines) == ("synonyms.txt", "problem", (2, 2))
    assert message in problem.message


@examples(300)
@given(st.one_of(st.binary(max_size=200), st.text("ab=,->#\n é", max_size=60).map(str.encode)))
def test_any_file_at_all_gives_rules_and_problems(data: bytes) -> None:
    rules, problems = parse_synonyms(data)
    for rule in rules:
        assert all(words_of(phrase) for phrase in (*rule.said, *rule.also))
    assert all(problem.message and problem.level == "problem" for problem in problems)


@pytest.mark.parametrize(
    ("question", "searched_as"),
    [
        ("What helps after a heart attack?", "What helps after a heart attack (myocardial infarction)?"),
        ("HEART ATTACKS", "HEART ATTACKS (myocardial infarction)"),
        ("the myocardial infarction", "the myocardial infarction (heart attack)"),
        ("my heart attacked me", "my heart attacked me"),
        ("heart, attack", "heart, attack (myocardial infarction)"),
        ("Special K's effects", "Special K's (ketamine) effects"),
        ("special-k-like", "special-k-like (ketamine)"),
        ("Is ketamine safe?", "Is ketamine safe?"),
        ("Is ketamine (Special K) safe?", "Is ketamine (Special K) safe?"),
        ("heart attack after heart attack", "heart attack (myocardial infarction) after heart attack"),
        ("Is hypertension bad?", "Is hypertension (high blood pressure, raised pressure) bad?"),
        ("", ""),
    ],
)
def test_what_a_question_is_searched_as(question: str, searched_as: str) -> None:
    assert expand(question, synonyms(HEART)).searched_as == searched_as


def test_the_longest_phrase_counts() -> None:
    rules = synonyms("blood pressure -> BP\nhigh blood pressure -> hypertension\nhigh -> intoxicated\n")
    assert expand("high blood pressure", rules).added == ("hypertension",)
    assert expand("low blood pressure", rules).added == ("BP",)


def test_what_was_added_is_not_expanded_again() -> None:
    assert expand("a b", synonyms("b -> c\nc -> d\n")).added == ("c",)


def test_all_rules_of_a_phrase_count() -> None:
    (phrase,) = expand("speed?", synonyms("speed -> amphetamine\n\nspeed = velocity\n")).phrases
    assert (phrase.said, phrase.also) == ("speed", ("amphetamine", "velocity"))


def test_only_what_the_corpus_holds_is_added_and_not_too_much() -> None:
    rules = synonyms("salt = " + " = ".join(f"b{n}" for n in range(9)))
    assert expand("salt", rules, lambda phrase: phrase in ("b5", "b7")).added == ("b5", "b7")
    (phrase,) = expand("salt", rules).phrases
    assert len(phrase.added) == MOST
    assert len(phrase.also) == 9


PHRASES = st.lists(st.sampled_from("a b c d as é".split()), min_size=1, max_size=3).map(" ".join)


@examples(400)
@given(
    st.lists(
        st.tuples(st.lists(PHRASES, min_size=1, max_size=2), st.lists(PHRASES, min_size=1, max_size=2)), max_size=5
    ),
    st.text("abcdsé '-,?A", max_size=30),
)
def test_an_expanded_question_is_the_question_with_insertions(
    pairs: list[tuple[list[str], list[str]]], question: str
) -> None:
    rules = Synonyms(tuple(SynonymRule(tuple(said), tuple(also), 1) for said, also in pairs))
    expansion = expand(question, rules)
    rest = expansion.searched_as
    for phrase in expansion.phrases:
        assert set(phrase.added) <= set(phrase.also)
        if phrase.added:
            rest = rest.replace(f" ({', '.join(phrase.added)})", "", 1)
    assert rest == question
    said = f" {' '.join(words_of(question))} "
    for added in expansion.added:
        assert f" {' '.join(words_of(added))} " not in said
    assert len({words_of(added) for added in expansion.added}) == len(expansion.added)


def test_a_synonym_covers_and_never_has_to_be_covered() -> None:
    vocabulary = Words("drug", "helps", "infarction", "myocardial")
    expansion = expand("heart attack drug", synonyms(HEART))
    with_it, alone = asked(expansion, vocabulary), asked(Expansion(expansion.question), vocabulary)
    assert with_it.alternatives == {term: (frozenset({"myocardial", "infarction"}),) for term in ("heart", "attack")}
    assert (with_it.words, with_it.synonyms) == ("heart attack drug", "myocardial infarction")
    assert with_it.weights == {"heart": 4.0, "attack": 4.0, "drug": 1.0}  # as rare as the rarer of its synonym's words
    assert with_it.coverage(["drug", "myocardial", "infarction"]) == 1.0
    assert with_it.coverage(["drug", "myocardial"]) == pytest.approx(1 / (1 + 4 + 4))
    assert (with_it.missing_words, with_it.missing) == ((), 0.0)
    assert alone.coverage(["drug", "myocardial", "infarction"]) == pytest.approx(1 / (1 + 5 + 5))
    assert (alone.missing_words, alone.missing) == (("heart", "attack"), pytest.approx(10 / 11))


def test_a_synonym_that_the_corpus_lacks_covers_nothing() -> None:
    vocabulary = Words("drug", "myocardial")
    assert alternatives(expand("heart attack drug", synonyms(HEART)), vocabulary) == {}


@examples(200)
@given(st.lists(st.sampled_from("pqruvw"), min_size=1, unique=True), st.lists(st.sampled_from("pqruvwx")))
def test_synonyms_never_take_from_coverage(question: list[str], held: list[str]) -> None:
    vocabulary = Words("p", "q", "r", "x")
    expansion: Expansion = expand(" ".join(question), synonyms("u -> p q\nv = w = x\n"))
    terms = asked(expansion, vocabulary)
    assert terms.weights.keys() == set(question)
    for term in question:
        for other in terms.alternatives.get(term, ()):
            with_it = terms.coverage([*held, *other])
            assert with_it >= terms.coverage([*held, term]) - 1e-9
            assert terms.coverage(held) - 1e-9 <= with_it <= 1 + 1e-9
        assert (term in terms.missing_words) <= (term not in vocabulary.words and term not in terms.alternatives)


@pytest.fixture
def ketamine(own: Settings) -> Settings:
    """Two documents that call things by their clinical names."""
    (own.corpus / "a.txt").write_text("Ketamine troubles the bladder of the sailor.")
    (own.corpus / "b.txt").write_text("After a myocardial infarction the sailor rests for a week.")
    return own


def test_a_question_in_lay_words_is_answered_in_the_corpus_s_own(ketamine: Settings) -> None:
    build(ketamine)
    question = "Does special k trouble the bladder?"
    before = open_index(ketamine.index).ask(question)
    assert before.missing_terms == ("special", "k")
    (ketamine.corpus / "synonyms.txt").write_text(HEART)
    build(ketamine)
    answer = open_index(ketamine.index).ask(question)
    assert (answer.status, answer.missing_terms) == ("answered", ())
    assert answer.question == question
    assert answer.searched_as == "Does special k (ketamine) trouble the bladder?"
    assert answer.quotes[0].document.path == "a.txt"
    assert answer.confidence > before.confidence
    for shown in (answer_html(answer), answer_record(answer)["searched_as"], answer_markdown(answer).replace("\\", "")):
        assert "special k (ketamine) trouble" in shown


def test_an_added_word_finds_and_is_not_missed(ketamine: Settings) -> None:
    (ketamine.corpus / "synonyms.txt").write_text("mishap = myocardial infarction, kryptonite\n")
    build(ketamine)
    answer = open_index(ketamine.index).ask("How long does the sailor rest after a mishap?")
    assert answer.searched_as.endswith("mishap (myocardial infarction)?")
    assert answer.missing_terms == ("long",)
    assert answer.quotes[0].document.path == "b.txt"


def test_a_sentence_is_covered_by_a_synonym(ketamine: Settings) -> None:
    (ketamine.corpus / "synonyms.txt").write_text(HEART)
    build(ketamine)
    engine = open_index(ketamine.index)
    index, question = engine.index, "Special K and the bladder"
    vector = engine.encoder.encode([question])[0]
    alone, covered = (
        retrieve(asked(expand(question, given), index.lexical), vector, index, 1)[0].sentences[0]
        for given in (Synonyms(), index.synonyms)
    )
    assert alone.coverage < covered.coverage == 1
    assert alone.cosine == covered.cosine
    assert alone.score < covered.score


def test_a_narrowed_search_has_synonyms(ketamine: Settings) -> None:
    (ketamine.corpus / "synonyms.txt").write_text(HEART)
    build(ketamine)
    engine = open_index(ketamine.index)
    question = "Does special k trouble the bladder?"
    everywhere = engine.ask(question)
    narrowed = engine.ask(question, filters=Filters(documents=("a.txt",)))
    assert narrowed.searched_as == everywhere.searched_as == "Does special k (ketamine) trouble the bladder?"
    assert {quote.document.path for quote in narrowed.quotes} == {"a.txt"}
    assert narrowed.quotes[0].scores.lexical == everywhere.quotes[0].scores.lexical
    elsewhere = engine.ask(question, filters=Filters(documents=("b.txt",)))
    assert "a.txt" not in {quote.document.path for quote in elsewhere.quotes}


def test_what_a_curator_wrote_reaches_no_screen_raw(ketamine: Settings) -> None:
    (ketamine.corpus / "synonyms.txt").write_text("special k -> <\x1b[ketamine>\n\x1b[, salt\n")
    report = build(ketamine)
    assert [finding.lines for finding in report.findings] == [(2, 2)]
    assert "\x1b" not in report_html(report)
    answer = open_index(ketamine.index).ask("Special K?")
    assert "\x1b" in answer.searched_as
    assert "\x1b" not in answer_html(answer)
    assert "&lt;" in answer_html(answer).partition("Searched as")[2].partition("</p>")[0]
    ran = CliRunner().invoke(
        command, ["query", "Special K?", "--corpus", str(ketamine.corpus), "--index", str(ketamine.index)]
    )
    assert "ketamine" in ran.stdout
    assert "\x1b" not in ran.stdout + ran.stderr


def test_an_earlier_question_lends_words_that_have_synonyms(ketamine: Settings) -> None:
    (ketamine.corpus / "synonyms.txt").write_text(HEART)
    build(ketamine)
    answer = open_index(ketamine.index).ask("Does it trouble the bladder?", context=["What is Special K?"])
    assert answer.searched_as == "Does it trouble the bladder? (Special K (ketamine))"


def test_the_synonyms_are_not_a_document(ketamine: Settings) -> None:
    (ketamine.corpus / "synonyms.txt").write_text(HEART)
    assert [source.path for source in scan(ketamine.corpus).sources] == ["a.txt", "b.txt"]


def test_a_change_of_the_synonyms_alone_is_published_without_encoding(
    ketamine: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(ketamine)
    (ketamine.corpus / "synonyms.txt").write_text(HEART)
    found = status(ketamine)
    assert (found.current, found.reasons) == (False, ("synonyms.txt has changed",))
    monkeypatch.setattr("rag.encoder.onnx.Encoder.encode", None)
    second = build(ketamine)
    assert (second.published, second.encoded, second.added, second.changed) == (True, 0, (), ())
    assert second.fingerprint != first.fingerprint
    assert status(ketamine).current
    assert not build(ketamine).published
    (ketamine.corpus / "synonyms.txt").unlink()
    assert build(ketamine).fingerprint == first.fingerprint


def test_asking_takes_changed_synonyms_in(ketamine: Settings) -> None:
    build(ketamine)
    (ketamine.corpus / "synonyms.txt").write_text(HEART + "nonsense\n")
    said: list[str] = []
    engine = ready_engine(ketamine, say=said.append)
    assert engine.ask("Special K?").searched_as == "Special K (ketamine)?"
    assert any("synonyms.txt, line 4" in remark for remark in said)


def test_a_broken_file_stops_neither_builds_nor_questions(ketamine: Settings) -> None:
    (ketamine.corpus / "synonyms.txt").write_text("nonsense\nspecial k -> ketamine\n")
    report = build(ketamine)
    assert [finding.lines for finding in report.findings] == [(1, 1)]
    assert [finding.lines for finding in build(ketamine).findings] == [(1, 1)]
    assert "synonyms.txt, line 1: It names one thing only." in report_html(report)
    assert open_index(ketamine.index).ask("Special K?").searched_as == "Special K (ketamine)?"
    ran = CliRunner().invoke(command, ["build", "--corpus", str(ketamine.corpus), "--index", str(ketamine.index)])
    assert (ran.exit_code, "Left out: synonyms.txt, line 1: It names one thing only." in ran.stderr) == (1, True)
    (ketamine.corpus / "synonyms.txt").unlink()
    (ketamine.corpus / "synonyms.txt").mkdir()
    assert [finding.lines for finding in build(ketamine).findings] == [None]
    assert open_index(ketamine.index).ask("Special K?").searched_as == "Special K?"


def test_an_index_that_travels_alone_has_its_synonyms(ketamine: Settings) -> None:
    (ketamine.corpus / "synonyms.txt").write_text(HEART)
    build(ketamine)
    (ketamine.corpus / "synonyms.txt").unlink()
    assert open_index(ketamine.index).ask("Special K?").searched_as == "Special K (ketamine)?"


def test_check_names_broken_lines_and_rules_that_lead_nowhere(ketamine: Settings) -> None:
    (ketamine.corpus / "synonyms.txt").write_text(
        "nonsense\nspecial k -> ketamine\nflu = influenza\nketamine -> esketamine\nmyocardial kryptonite = MI\n"
    )
    findings = [finding for finding in check(ketamine.corpus, TODAY) if finding.path == "synonyms.txt"]
    assert [(finding.level, finding.kind, finding.lines) for finding in findings] == [
        ("note", "unused synonym", (3, 3)),
        ("note", "unused synonym", (4, 4)),
        ("note", "unused synonym", (5, 5)),
        ("problem", "synonyms", (1, 1)),
    ]
    assert "'flu' or 'influenza'" in findings[0].message


def test_the_starter_corpus_s_synonyms_are_sound_and_used(starter_settings: Settings, starter: Engine) -> None:
    found = read_synonyms(starter_settings.corpus)
    assert found.problems == ()
    assert starter.index.synonyms.rules == found.rules
    assert not [finding for finding in check(starter_settings.corpus, TODAY) if finding.path == "synonyms.txt"]
    answer = starter.ask("Special K bladder problems")
    assert answer.searched_as == "Special K (ketamine) bladder problems"
    assert any("urinary incontinence and bladder trouble" in quote.text for quote in answer.quotes)


def test_a_question_without_synonyms_is_searched_as_it_is(starter: Engine) -> None:
    question = "What is excitotoxicity?"
    assert starter.ask(question).searched_as == question


def test_the_json_of_a_build_names_what_is_not_used(ketamine: Settings) -> None:
    (ketamine.corpus / "synonyms.txt").write_text("nonsense\n")
    arguments = ["build", "--json", "--corpus", str(ketamine.corpus), "--index", str(ketamine.index)]
    record = json.loads(CliRunner().invoke(command, arguments).stdout)
    assert record["findings"][0]["lines"] == [1, 1]
