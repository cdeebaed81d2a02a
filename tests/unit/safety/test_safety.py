"""Safety notices: what the rules see and do not see, the fixed texts, and what an answer does with them."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.cases import check_each
from support.paths import DATA

from rag.answer.respond import NO_INDEX
from rag.cli.main import command
from rag.core.config import Settings, load_settings
from rag.core.errors import ConfigError, RagError
from rag.safety.notice_rules import FILES, applies, rule_set, rules_for
from rag.safety.notices import URGENT, called_for
from rag.safety.question_wording import wording
from rag.safety.texts import countries, text, versions
from rag.text.rules.rule_language import Language

EXAMPLES = DATA / "safety"
CRISIS = "I want to kill myself"
EMERGENCY = "My father has crushing chest pain. Is magnesium safe?"


def examples(name: str, kind: str) -> list[tuple[str, str]]:
    return [(rule.name, each) for rule in rule_set(name).rules for each in getattr(rule, kind)]


def urgent(question: str) -> list[str]:
    said = wording(question)
    return [kind for kind in URGENT if applies(kind, said)]


def questions(name: str) -> list[tuple[str, str]]:
    lines = (EXAMPLES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [(kind, each) for kind, each in (line.split("\t") for line in lines if not line.startswith("#"))]


@pytest.mark.parametrize("name", FILES)
def test_a_rule_applies_to_its_examples(name: str) -> None:
    def check(rule: str, question: str) -> None:
        assert rule in rules_for(name, question), rules_for(name, question)

    check_each(examples(name, "matches"), check)


@pytest.mark.parametrize("name", FILES)
def test_no_rule_of_the_kind_applies_to_near_misses(name: str) -> None:
    def check(rule: str, question: str) -> None:
        assert not rules_for(name, question), rules_for(name, question)

    check_each(examples(name, "passes"), check)


@pytest.mark.parametrize("name", FILES)
def test_every_phrase_is_one(name: str) -> None:
    rules = rule_set(name)
    for rule in rules.rules:
        assert rule.matches, rule.name
        assert len(rule.says) == len(set(rule.says)), rule.name
        for phrase in (*rule.says, *rule.unless, *rule.aside):
            re.compile(rules.language.expression(phrase))


@pytest.mark.parametrize(
    ("phrase", "holds", "lacks"),
    [
        ("took ## pills", "I took 5 pills; took 1,000 pills; took 12.5 pills", "took 4 pills; took 0.5 pills"),
        ("cutting again|$", "I am cutting. Cutting again", "cutting carbs"),
        ("chest & left|right arm", "my left arm hurts and my chest too; chest and right arm", "my left arm. my chest"),
        ("mouth & bleach", "bleach in the mouth; mouth full of bleach", f"bleach {'and ' * 13}mouth"),
    ],
)
def test_a_phrase_says_what_its_language_says(phrase: str, holds: str, lacks: str) -> None:
    language = Language({})
    found = re.compile(rf"(?<= ){language.expression(phrase)}")
    for said, expected in ((holds, True), (lacks, False)):
        for each in map(wording, said.split(";")):
            assert bool(found.search(each)) == expected, each
            assert not expected or language.keys(phrase).may_be_in(each.split())


@pytest.mark.parametrize("phrase", ["again|$", "chest & ... $", "a & b & c", "in { a } & b", "a|", "$"])
def test_what_is_no_phrase_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="phrase"):
        Language({}).expression(phrase)


def test_an_aside_counts_unless_the_sentence_is_of_now() -> None:
    assert not urgent("My dad had a stroke ten years ago")
    assert urgent("My dad had a stroke ten years ago and now his face is drooping") == ["emergency"]


@pytest.mark.parametrize(
    "questions_of", [["worked_from", "unseen"], ["unseen"]], ids=["all", "those the rules were not written from"]
)
def test_urgent_questions_are_seen_and_near_misses_are_not(questions_of: list[str]) -> None:
    rows = [row for name in questions_of for row in questions(name)]
    real = [(kind, each) for kind, each in rows if kind != "none"]
    missed = [each for kind, each in real if kind not in urgent(each)]
    false = [each for kind, each in rows if kind == "none" and urgent(each)]
    if len(questions_of) > 1:
        assert len(real) >= 150
        assert len(rows) - len(real) >= 150
    assert len(missed) / len(real) <= (0.02 if len(questions_of) > 1 else 0.05), missed
    assert len(false) / (len(rows) - len(real)) <= 0.02, false


TWIN = (
    ("how many mg of zorbulin is a dose", "Dose"),
    ("zorbulin 20 how much a day", "Dose"),
    ("what is the highest dose of zorbulin", "Dose"),
    ("what to do if i missed my zorbulin tablet", "Dose"),
    ("can zorbulin be stopped, tapering?", "Dose"),
    ("what is zorbulin", "Information"),
    ("how does zorbulin work", "Action"),
    ("what does a zorbulin pill look like", "Appearance"),
    ("what is in zorbulin", "Ingredient"),
    ("how long will zorbulin stay good", "Storage"),
)


def test_questions_on_doses_are_seen_and_questions_on_what_a_thing_is_are_not() -> None:
    assert {each for each, kind in TWIN if applies("dosing", wording(each))} == {e for e, k in TWIN if k == "Dose"}


def test_questions_of_research_call_for_no_urgent_notice() -> None:
    asked = (
        "Magnesium sulphate reduces mortality after acute myocardial infarction.",
        "Suicide rates fell where lithium in drinking water was high.",
        "Overdose deaths and naloxone access laws",
        "Preventing Strokes with Diet",
        "Bystander CPR improves survival of cardiac arrest",
    )
    assert not [each for each in asked if urgent(each)]


def test_figures_of_speech_are_no_crisis() -> None:
    asked = (
        "How do I kill a Python process?",
        "Where can I blow off steam?",
        "What is the best way to slice an onion?",
    )
    assert not [each for each in asked if applies("crisis", wording(each))]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("suiside", "suicide"), ("overdoes", "overdose"), ("seizzure", "seizure"), ("unconcious", "unconscious"),
        ("kms", "kill myself"), ("od'd", "overdosed"), ("OD’d", "overdosed"), ("unalive", "kill"), ("can't", "cant"),
        ("dad's", "dad"), ("he's", "hes"), ("noooo", "no"), ("cooking", "cooking"), ("prison", "prison"),
    ],
)  # fmt: skip
def test_words_are_read_as_they_are_meant(written: str, meant: str) -> None:
    assert wording(written) == f". {meant} . "


def test_the_texts_change_only_with_their_versions() -> None:
    assert {
        name: (version, sha256(said.encode()).hexdigest()[:16]) for name, (version, said) in versions().items()
    } == {
        "crisis": (1, "8772c04184d73189"),
        "emergency": (1, "40844a086405277b"),
        "poisoning": (1, "fed49114e7444942"),
        "dosing": (1, "e94e878c5cd7cd64"),
        "pregnancy": (1, "e2892fee25c9a575"),
        "children": (1, "9c71c2fe9347e2d2"),
    }


@pytest.mark.parametrize("name", versions())
def test_the_texts_are_read_at_the_age_of_twelve(name: str) -> None:
    def check(country: str | None) -> None:
        grade = reading_grade(text(name, country))
        assert grade <= 7, grade  # a grade of school: pupils of twelve are in the seventh at most

    check_each([(country,) for country in (None, *countries())], check)


def reading_grade(said: str) -> float:
    """Flesch and Kincaid's grade, with syllables counted as groups of vowels."""
    words = re.findall(r"[A-Za-z']+", said)
    sentences = len(re.findall(r"[.!?:](?:\s|$)", said))
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<!l)e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


@pytest.mark.parametrize(
    ("country", "emergency", "crisis", "poisoning"),
    [
        ("US", "911", "988", "1-800-222-1222"),
        ("GB", "999", "116 123", "111"),
        ("UK", "999", "116 123", "111"),
        ("EU", "112", "112", "112"),
        ("DE", "112", "112", "112"),
    ],
)
def test_a_country_names_its_numbers(country: str, emergency: str, crisis: str, poisoning: str) -> None:
    assert f"Call {emergency} now" in text("emergency", country)
    assert crisis in text("crisis", country)
    assert emergency in text("crisis", country)
    assert poisoning in text("poisoning", country)


@pytest.mark.parametrize("name", versions())
def test_without_a_country_no_number_is_named(name: str) -> None:
    assert not re.search(r"\d", text(name))


@pytest.mark.parametrize(
    ("question", "earlier", "expected", "withheld"),
    [
        ("What is ketamine?", [], [], False),
        (CRISIS, [], ["crisis"], True),
        ("What is ketamine?", [CRISIS], ["crisis"], True),
        ("What is ketamine?", [CRISIS, "What is memantine?"], ["crisis"], False),
        ("What is memantine?", ["he is choking"], ["emergency"], False),
        ("What is memantine?", ["he is choking", "What is ketamine?"], [], False),
        ("my son swallowed bleach and can't breathe", [], ["emergency", "poisoning"], False),
        ("how many pills would kill me", [], ["crisis"], True),
    ],
)
def test_earlier_questions_count(question: str, earlier: list[str], expected: list[str], withheld: bool) -> None:
    called = called_for(question, earlier)
    assert ([notice.kind for notice in called.urgent], called.withheld) == (expected, withheld)


def test_the_notice_on_doses_speaks_of_pregnancy_and_of_children_where_the_question_does() -> None:
    def said(question: str, *earlier: str) -> str:
        (notice,) = called_for(question, earlier).after
        return notice.text

    assert said("How much ibuprofen can I take?") == text("dosing")
    assert said("How much ibuprofen can I take while pregnant?") == f"{text('dosing')} {text('pregnancy')}"
    assert said("How much ibuprofen for a toddler?") == f"{text('dosing')} {text('children')}"
    assert said("and for a toddler?", "How much ibuprofen?") == f"{text('dosing')} {text('children')}"


def test_a_crisis_needs_no_index(tmp_path: Path) -> None:
    folders = ["--corpus", str(tmp_path / "none"), "--index", str(tmp_path / "index")]
    run = CliRunner().invoke(command, ["query", CRISIS, "--country", "us", "--json", *folders])
    assert run.exit_code == 0
    record = json.loads(run.stdout)
    assert (record["status"], record["quotes"], record["index"]["fingerprint"]) == (
        "withheld",
        [],
        NO_INDEX.fingerprint,
    )
    assert record["notices"][0] == {"kind": "crisis", "text": text("crisis", "US")}
    assert not (tmp_path / "index").exists()


def test_an_urgent_notice_is_given_where_the_question_cannot_be_answered(tmp_path: Path) -> None:
    folders = ["--corpus", str(tmp_path / "none"), "--index", str(tmp_path / "index")]
    run = CliRunner().invoke(command, ["query", EMERGENCY, "-q", *folders])
    assert isinstance(run.exception, (RagError, SystemExit))
    assert run.exit_code != 0
    assert run.stderr.count(text("emergency")) == 1


def test_the_country_is_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(tmp_path).country is None
    (tmp_path / "pyproject.toml").write_text('[tool.rag.safety]\ncountry = "gb"')
    assert load_settings(tmp_path).country == "GB"
    (tmp_path / "rag.toml").write_text('quotes = 3\n[safety]\ncountry = "US"')
    assert load_settings(tmp_path) == Settings(quotes=3, country="US")
    monkeypatch.setenv("RAG_COUNTRY", "eu")
    assert load_settings(tmp_path).country == "EU"
    assert load_settings(tmp_path, country="fr").country == "FR"


@pytest.mark.parametrize("written", ['country = "US"', "safety = 1", '[safety]\nland = "US"', "[safety]\ncountry = 1"])
def test_a_country_in_the_wrong_place_is_named(written: str, tmp_path: Path) -> None:
    (tmp_path / "rag.toml").write_text(written)
    with pytest.raises(ConfigError):
        load_settings(tmp_path)
