"""Edits of questions: the answer is never touched, what is taken out stands in the passage, what is put in does not."""

from __future__ import annotations

from support.scripts import training_script

rows = training_script("reader_rows")
edits = training_script("question_edits")

PASSAGE = (
    "The old mill at Hartley was built in 1821 by Anna Reed, whose brother sold the northern field to the church. "
    "It had two wheels, and in 1840 the upper weir was opened. Millers of Hartley ground wheat for 12 bakers."
)
QUESTIONS = [
    ("Who built the old mill at Hartley?", "Anna Reed"),
    ("What did the brother of Anna Reed sell to the church?", "the northern field"),
    ("What was opened in 1840?", "the upper weir"),
    ("What did millers of Hartley grind for 12 bakers?", "wheat"),
    ("How many wheels did the old mill have?", "two"),
    ("Which field did her brother sell?", "the northern field"),
    ("What was opened after the old mill in 1840?", "the upper weir"),
]
OTHERS = [
    ("Who owned the barn during the storm?", "Tom Hill"),
    ("Who owned the farm at Woodford?", "Tom Hill"),
    ("Who painted the gate of Mary Lake in oil?", "Tom Hill"),
]


def row(number: int, question: str, answer: str, passage: str = PASSAGE) -> object:
    start = passage.index(answer)
    span = (start, start + len(answer))
    return rows.Row(f"q{number}", "made", "span", question, "", passage, True, (span,), "words", 1.0)


def all_edits() -> list[tuple[object, object]]:
    asked = [row(n, *each) for n, each in enumerate(QUESTIONS)]
    asked += [row(90 + n, *each, passage="Tom Hill had a barn.") for n, each in enumerate(OTHERS)]
    lent = edits.material(asked, {})
    made = [
        (each, edits.edited(each, lent, rows.Chance(f"test {seed}")))
        for seed in range(40)
        for each in asked[: len(QUESTIONS)]
    ]
    return [(original, edit) for original, edit in made if edit is not None]


def test_edits_leave_the_answer_alone_and_bring_in_what_the_passage_lacks() -> None:
    kinds = set()
    for original, edit in all_edits():
        kinds.add(edit.kind)
        assert not edit.answers and not edit.spans and edit.passage == original.passage
        before, after = rows.words(original.question), rows.words(edit.question)
        assert before != after
        answer = {rows.stem(word) for a, b in original.spans for word in rows.words(original.passage[a:b])}
        held = {rows.stem(word) for word in rows.words(original.passage)}
        gone = [word for word in before if word not in after]
        new = [word for word in after if word not in before]
        if edit.kind != "edited: negation":
            assert gone and new
            assert not {rows.stem(word) for word in gone} & answer
            assert {rows.stem(word) for word in gone} & held
            assert not {rows.stem(word) for word in new} & held
    assert kinds >= {f"edited: {kind}" for kind in ("opposite", "number", "name", "sort", "negation")}


def test_what_is_asked_for_is_not_exchanged() -> None:
    for original, edit in all_edits():
        if original.question.startswith("Which field"):
            assert "Which field" in edit.question


def test_edits_are_the_same_every_time() -> None:
    assert all_edits() == all_edits()


def test_there_are_many_opposites_and_none_is_its_own() -> None:
    table = edits.opposites()
    assert sum(map(len, table.values())) >= 2 * 150
    assert all(word not in others for word, others in (*table.items(), *edits.sorts().items()))
