"""Evidence cues: what the rules label, with exact spans, and what they pass by; dose figures."""

from __future__ import annotations

import re
import shutil
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cases import check_each
from support.properties import examples

from rag.building.versions import making
from rag.core.types.answers import Cue
from rag.core.types.documents import AUTHOR, CatalogueEntry, Document, Source
from rag.core.types.passages import CueKind, Passage, Side
from rag.readers.registry import read_document
from rag.text.labels import label_kinds
from rag.text.labels.asked import asks_about_an_effect
from rag.text.labels.cues import joined, labels
from rag.text.labels.doses import dose_spans
from rag.text.labels.label_kinds import cue_rules, evidence_checksum, meanings, read_rules, rule_kinds
from rag.text.rules.source_wording import wording
from rag.text.splitting import sentence_spans


def read(text: str) -> tuple[Document, Passage]:
    """A text as it is read, and all of it as one passage."""
    data = text.encode()
    document = read_document(Source("text.txt", sha256(data).hexdigest()), data)
    sentences = tuple(
        span
        for block in document.blocks
        if block.kind != "heading"
        for span in sentence_spans(document.text, block.start, block.end)
    )
    return document, Passage("p", document.id, 0, len(document.text), sentences, (), AUTHOR, None, None)


def labelled(text: str) -> list[tuple[str, str]]:
    document, passage = read(text)
    return [(cue.kind, cue.text) for cue in cues(document, passage)]


def cues(document: Document, passage: Passage) -> list[Cue]:
    found = labels(document, passage).cues
    return [Cue(kind, document.text[start:end], start, end) for kind, start, end in found]


def side(sentence: str) -> Side | None:
    passage = Passage("p", "d", 0, len(sentence), ((0, len(sentence)),), (), AUTHOR, None, None)
    (only,) = labels(Document("d", "", "", "", "", "", sentence, (), CatalogueEntry()), passage).sides
    return only


COST = """
[[rule]]
name = "price"
says = ["dollars"]
matches = ["it costs ten dollars"]
passes = ["it costs nothing"]
"""


def test_a_kind_that_is_added_to_the_folder_labels_passages_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = evidence_checksum()
    assert making()["evidence"] == before
    shutil.copytree(str(label_kinds._folder()), tmp_path / "rules")
    (tmp_path / "rules" / "cost.toml").write_text(COST, encoding="utf-8")
    monkeypatch.setattr(label_kinds, "_folder", lambda: tmp_path / "rules")
    cached = (rule_kinds, evidence_checksum, cue_rules)
    try:
        for each in cached:
            each.cache_clear()
        assert rule_kinds()[-1] == "cost"
        assert evidence_checksum() != before
        assert cue_rules().kinds["price"] == "cost"
    finally:
        for each in cached:
            each.cache_clear()


def rule_examples(name: str, kind: str) -> list[tuple[str, str]]:
    return [(table["name"], example) for table in read_rules(name)["rule"] for example in table.get(kind, [])]


@pytest.mark.parametrize("kind", rule_kinds())
def test_a_rule_labels_its_examples(kind: CueKind) -> None:
    def check(rule: str, example: str) -> None:
        said = [found.name for found, _ in cue_rules().rules.said(wording(example, 0, len(example)).text)]
        assert rule in said, said
        assert kind in dict(labelled(example)), labelled(example)

    check_each(rule_examples(kind, "matches"), check)


@pytest.mark.parametrize("kind", rule_kinds())
def test_no_rule_of_the_kind_labels_near_misses(kind: CueKind) -> None:
    def check(rule: str, example: str) -> None:
        assert kind not in dict(labelled(example)), labelled(example)

    check_each(rule_examples(kind, "passes"), check)


def test_every_rule_has_an_example_and_every_phrase_is_one() -> None:
    found = cue_rules().rules
    for rule in found.rules:
        assert rule.matches, rule.name
        for phrase in (*rule.says, *rule.unless, *rule.aside):
            re.compile(found.language.expression(phrase))


def test_every_kind_of_cue_has_a_label_and_a_meaning() -> None:
    assert set(meanings()) == {*rule_kinds(), "dose"}
    assert all(label and means for label, means in meanings().values())


STUDY = (
    "In a double-blind, placebo-controlled trial in 24 healthy adults, zorbulin\nat 5–20 mg/day was not effective. "
    "My theory is that the dose was too low: in mice, 30 mg/kg significantly improved memory. It may help people. "
    "The trial was funded by its maker."
)


def test_what_a_passage_says_of_its_evidence() -> None:
    assert labelled(STUDY) == [
        ("design", "double-blind, placebo-controlled trial"),
        ("subjects", "24 healthy adults"),
        ("dose", "5–20 mg/day"),
        ("no_effect", "not effective"),
        ("speculation", "My theory is that"),
        ("subjects", "mice"),
        ("dose", "30 mg/kg"),
        ("effect", "significantly improved memory"),
        ("hedge", "may"),
        ("design", "trial"),
        ("funding", "trial was funded by"),
    ]


@cache
def words_of_the_rules() -> list[str]:
    """Words that rules hang on, so that random texts hold cues."""
    words = sorted(cue_rules().rules.by_word)
    return [
        *words[:: max(1, len(words) // 150)],
        "not",
        "5 mg/day",
        "12 patients",
        "was",
        "the",
        "’s",
        "ﬁne",
        "İ",
        "n = 3",
    ]


@examples(150)
@given(st.data())
def test_a_cue_is_a_label_on_exactly_the_words_that_stand_there(data: st.DataObject) -> None:
    pieces = st.one_of(
        st.sampled_from(words_of_the_rules()),
        st.text(st.characters(exclude_categories=["C"]), max_size=6),
        st.sampled_from([". ", "\n", "\n\n"]),
    )
    document, passage = read(" ".join(data.draw(st.lists(pieces, min_size=1, max_size=60))) + " end")
    found = cues(document, passage)
    assert found == cues(document, passage)
    for cue in found:
        assert cue.text == document.text[cue.start : cue.end] != ""
        assert passage.start <= cue.start < cue.end <= passage.end
        assert not cue.text[0].isspace()
        assert not cue.text[-1].isspace()
    for one in found:
        assert not any(
            other is not one and other.kind == one.kind and other.start < one.end and one.start < other.end
            for other in found
        )
    assert [cue.start for cue in found] == sorted(cue.start for cue in found)


@examples(200)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10)).map(lambda pair: (pair[0], sum(pair)))))
def test_overlapping_spans_are_joined(spans: list[tuple[int, int]]) -> None:
    kept = joined(spans)
    assert all(one[1] <= other[0] for one, other in pairwise(kept))
    assert {at for a, b in kept for at in range(a, b)} == {at for a, b in spans for at in range(a, b)}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Zorbulin was effective in colds.", "effect"),
        ("Zorbulin significantly reduced pain.", "effect"),
        ("Zorbulin worked early and was well tolerated.", "effect"),
        ("Zorbulin was not effective in colds.", "no_effect"),
        ("Zorbulin did not work over 8 weeks.", "no_effect"),
        ("There was no significant difference between the groups.", "no_effect"),
        ("Zorbulin inhibited growth without affecting sleep.", None),
        ("Zorbulin is a white powder.", None),
        ("We asked whether zorbulin reduces pain.", None),
        ("Is zorbulin effective in colds?", None),
        ("", None),
    ],
)
def test_on_which_side_of_an_effect_a_sentence_stands(sentence: str, expected: str | None) -> None:
    assert side(sentence) == expected


def test_a_question_about_an_effect_is_seen() -> None:
    def check(rule: str, question: str) -> None:
        assert asks_about_an_effect(question)

    check_each(rule_examples("asked", "matches"), check)


def test_other_questions_are_not_about_an_effect() -> None:
    def check(rule: str, question: str) -> None:
        assert not asks_about_an_effect(question)

    check_each(rule_examples("asked", "passes"), check)


def test_what_asks_nothing_may_be_about_an_effect() -> None:
    assert asks_about_an_effect("zorbulin colds")


DOSES = (
    "5 mg", "5mg", "0.5 mg", ".25 mg", "1,000 IU", "50,000 units per week", "400 International Units", "20 µg",
    "2 g/day", "5-20 mg/day", "5–20 mg/day", "30 or 40mg", "200, 600, and 1,000 mg", "10 to 20 milligrams a day",
    "0.3 mg/kg/day", "10 mg/kg, i.p.", "1.5 mg·kg(-1)·d(-1)", "100 mg once a day", "100 mg twice daily",
    "250 mg three times a day", "75-325 mg daily", "one tablet", "two tablets every 8 hours", "Five drops",
    "half a teaspoon", "3 or 4 glucose tablets", "one 30-mg capsule", "three 200 mg doses by mouth", "2 x 500 mg",
    "4 pills/day", "500 mg of salt by mouth", "2.5 mg", "100-gram", "12 fl oz", "250 ml", "30 mEq twice daily",
    "5 mg b.i.d.", "10 mg at bedtime", "800 mg of it per day", "1 mg two times a week", "300 or 1200 GalU",
    "100,000 U", "2 puffs as needed", "50 mg intravenously", "20 mg q8h",
)  # fmt: skip
NOT_DOSES = (
    "a level of 40 ng/ml", "126 mg/dL", "0.9 mg/100 g", "a man of 70 kg", "around 80%", "2 mmol Trolox/g", "in 2012",
    "12 patients", "p < 0.05", "5 units of blood", "10 μg mL(-1)", "5 ml of blood", "stool weights of 150 g/day",
    "excretion rose to 30 mg/day", "a clearance of 60 ml/min", "aged 18 to 25 years", "the Daily Diary", "25 kg/m2",
)  # fmt: skip


@pytest.mark.parametrize("sentence", ["They were given {} for a month.", "The dose was {}.", "Zorbulin ({}) helped."])
def test_dose_figures_are_found_whole(sentence: str) -> None:
    def check(dose: str) -> None:
        text = sentence.format(dose)
        start, found = text.index(dose), dose_spans(text, 0, len(text))
        assert any(a <= start and b >= start + len(dose) for a, b in found), found

    check_each([(dose,) for dose in DOSES], check)


def test_what_is_measured_is_no_dose() -> None:
    def check(other: str) -> None:
        text = f"They had {other} then."
        assert dose_spans(text, 0, len(text)) == []

    check_each([(other,) for other in NOT_DOSES], check)


def test_how_often_without_how_much_is_labelled() -> None:
    text = "It is taken by mouth twice daily, or given every 8 hours."
    assert [text[a:b] for a, b in dose_spans(text, 0, len(text))] == ["by mouth twice daily", "every 8 hours"]


@examples(200)
@given(st.text(alphabet="0123456789.,-–/ mgµkdayIUtwice(oral)x×½\n", max_size=80), st.integers(0, 20))
def test_dose_figures_stand_within_the_stretch_and_apart(text: str, start: int) -> None:
    start = min(start, len(text))
    found = dose_spans(text, start, len(text))
    assert all(start <= a < b <= len(text) for a, b in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
