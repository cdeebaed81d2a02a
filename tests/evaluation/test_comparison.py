"""`build --compare` says which answers would change, and changes nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.engine import open_index
from rag.building.build import build, built_aside
from rag.building.verify import verify_index
from rag.cli.main import command
from rag.core.config import Settings
from rag.core.types.answers import IndexInfo
from rag.core.types.reports import OperatingPoint
from rag.corpus.question_set import Question
from rag.evaluation.comparison import changes
from rag.evaluation.questions import FirstQuote, Outcome, QuestionReport

SALT = "Salt calms the heart of the sailor in the night."
QUESTIONS: list[dict[str, Any]] = [
    {
        "question": "Does salt calm the heart?",
        "status": "answered",
        "document": "a.txt",
        "quote": "Salt calms the heart",
    },
    {
        "question": "What wakes the sailor?",
        "status": "answered",
        "document": "b.txt",
        "quote": "Pepper wakes the sailor",
    },
    {"question": "Does tea make the captain brave?", "status": "not_in_corpus"},
    {"question": "What is the price of kryptonite?", "status": "not_in_corpus"},
]


@pytest.fixture
def changed(own: Settings) -> Settings:
    """A published index whose corpus has changed since: a document more, one altered, one removed."""
    (own.corpus / "questions.jsonl").write_text("\n".join(map(json.dumps, QUESTIONS)))
    (own.corpus / "a.txt").write_text(SALT)
    (own.corpus / "c.txt").write_text("Iron is found in the ship's anchor.")
    (own.corpus / "d.txt").write_text("Rope is made of hemp.")
    build(own)
    (own.corpus / "a.txt").write_text("Sugar is sweet.")
    (own.corpus / "b.txt").write_text("Pepper wakes the sailor in the morning.")
    (own.corpus / "c.txt").unlink()
    return own


def compare(settings: Settings, *arguments: str) -> Result:
    folders = ["--corpus", str(settings.corpus), "--index", str(settings.index)]
    return CliRunner().invoke(command, ["build", "--compare", *arguments, *folders], env={"COLUMNS": "140"})


def files_of(index: Path) -> dict[str, bytes]:
    kept = ("current", "generations", "encoders")
    return {
        str(file.relative_to(index)): file.read_bytes()
        for file in sorted(index.rglob("*"))
        if file.is_file() and file.relative_to(index).parts[0] in kept
    }


def test_answers_that_would_change_are_named_and_nothing_is_published(changed: Settings) -> None:
    before = files_of(changed.index)
    ran = compare(changed, "--json")
    assert ran.exit_code == 0, ran.stderr
    assert files_of(changed.index) == before
    record = json.loads(ran.stdout)
    assert (record["build"]["added"], record["build"]["changed"]) == (["b.txt"], ["a.txt"])
    assert (record["build"]["removed"], record["build"]["published"]) == (["c.txt"], False)
    found = {change["conversation"][-1]: change for change in record["changed"]}
    assert {asked for asked, change in found.items() if change["verdict"] != "different"} == {
        QUESTIONS[0]["question"],
        QUESTIONS[1]["question"],
    }
    lost = found[QUESTIONS[0]["question"]]
    assert (lost["verdict"], lost["before"]["status"], lost["before"]["rank"]) == ("worse", "answered", 1)
    assert lost["before"]["first_quote"]["text"] == SALT
    assert {"rank", "first_quote", "confidence"} <= set(lost["differs"])
    won = found[QUESTIONS[1]["question"]]
    assert (won["verdict"], won["after"]["rank"], won["after"]["highlighted"]) == ("better", 1, True)
    assert record["totals"]["changed"] == len(found)
    assert (record["totals"]["better"], record["totals"]["worse"], record["totals"]["rank"]) == (1, 1, 2)
    assert record["before"]["index"]["fingerprint"] != record["after"]["index"]["fingerprint"]


def test_what_is_compared_is_what_a_build_then_publishes(changed: Settings) -> None:
    compared = json.loads(compare(changed, "--json").stdout)
    assert build(changed).fingerprint == compared["build"]["fingerprint"] == compared["after"]["index"]["fingerprint"]
    again = json.loads(compare(changed, "--json").stdout)
    assert (again["totals"]["changed"], again["build"]["encoded"]) == (0, 0)
    for share in ("in_first_quote", "wrongly_refused", "wrongly_answered"):
        assert again["before"][share] == compared["after"][share]


def test_only_what_changed_is_encoded(changed: Settings) -> None:
    assert json.loads(compare(changed, "--json").stdout)["build"]["encoded"] == 2
    assert json.loads(compare(changed, "--json", "--rebuild").stdout)["build"]["encoded"] == 3


def test_a_change_of_the_synonyms_is_a_change(changed: Settings) -> None:
    build(changed)
    (changed.corpus / "synonyms.txt").write_text("kryptonite -> hemp\nnonsense\n")
    ran = compare(changed, "--json")
    record = json.loads(ran.stdout)
    assert (record["build"]["encoded"], record["build"]["findings"][0]["lines"]) == (0, [2, 2])
    assert record["before"]["index"]["fingerprint"] != record["after"]["index"]["fingerprint"]
    (change,) = record["changed"]
    assert change["conversation"] == ["What is the price of kryptonite?"]
    assert change["after"]["confidence"] > change["before"]["confidence"]
    assert "synonyms.txt, line 2: It names one thing only." in compare(changed).stderr
    assert build(changed).fingerprint == record["after"]["index"]["fingerprint"]


def test_the_table_names_changes_totals_and_what_to_type(changed: Settings) -> None:
    table = compare(changed).stdout
    assert "Added: b.txt" in table
    assert "expected at rank 1, highlighted" in table
    assert "of 4 answers would change: 1 better, 1 worse. Nothing was published" in table
    assert table.index("Does salt calm") < table.index("What wakes")  # the worse ones first


def test_an_index_gone_back_to_stays_so(changed: Settings) -> None:
    build(changed)
    CliRunner().invoke(command, ["build", "--back", "--corpus", str(changed.corpus), "--index", str(changed.index)])
    assert json.loads(compare(changed, "--json").stdout)["totals"]["rank"] == 2
    assert open_index(changed.index).index.pinned


def test_another_question_set_can_be_named(changed: Settings, tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text(json.dumps(QUESTIONS[3]))
    record = json.loads(compare(changed, "--json", "--questions", str(tmp_path / "mine.jsonl")).stdout)
    assert (record["questions"], record["totals"]["rank"]) == (1, 0)


def test_without_questions_or_index_it_says_what_to_type(changed: Settings, tmp_path: Path) -> None:
    nothing = Settings(corpus=changed.corpus, index=tmp_path / "nothing")
    ran = compare(nothing)
    assert (ran.exit_code, nothing.index.exists()) == (3, False)
    assert "Make it with: python -m rag build" in ran.stderr
    (changed.corpus / "questions.jsonl").write_text("\n")
    assert "holds no questions" in compare(changed).stderr
    (changed.corpus / "questions.jsonl").unlink()
    ran = compare(changed)
    assert ran.exit_code == 2
    assert "Make it, one question a line" in ran.stderr
    assert compare(changed, "--back").exit_code == 2
    alone = ["build", "--questions", "q.jsonl", "--corpus", str(changed.corpus), "--index", str(changed.index)]
    assert CliRunner().invoke(command, alone).exit_code == 2


def test_a_failure_while_asking_removes_what_was_built(changed: Settings) -> None:
    before = files_of(changed.index)
    with pytest.raises(ZeroDivisionError), built_aside(changed) as built:
        assert built.unpublished.path.is_dir()
        raise ZeroDivisionError
    assert files_of(changed.index) == before


@pytest.mark.parametrize("moment", ["reading", "encoding", "asking", "asking again"])
def test_killed_at_any_point_the_published_index_stays(changed: Settings, moment: str) -> None:
    """The process stops for good at a moment; then it is killed, so that nothing of it can clear up."""
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from rag.core.config import Settings\n"
        "from rag.evaluation.comparison import compare_build\n"
        "from rag.corpus.question_set import questions_of\n"
        "corpus, index, moment = sys.argv[1:]\n"
        "seen = []\n"
        "def stop(stage, done, total):\n"
        "    seen.append((stage, done))\n"
        "    if stage == moment.split()[0] and ('again' not in moment or seen.count((stage, 0)) == 2):\n"
        "        print('here', flush=True)\n"
        "        time.sleep(600)\n"
        "settings = Settings(corpus=Path(corpus), index=Path(index))\n"
        "compare_build(settings, questions_of(settings.corpus), stop, rebuild=False)\n"
    )
    before = files_of(changed.index)
    arguments = [sys.executable, "-c", program, str(changed.corpus), str(changed.index), moment]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"here\n"
        process.send_signal(signal.SIGKILL)
    assert {name: content for name, content in files_of(changed.index).items() if ".unfinished" not in name} == before
    opened = open_index(changed.index, changed.corpus)
    assert opened.info.documents == 3
    assert not verify_index(opened.index).damaged_files
    build(changed)
    assert not [name for name in files_of(changed.index) if ".unfinished" in name]


def outcomes(answerable: bool) -> st.SearchStrategy[Outcome]:
    question = Question(("?",), answerable, "a.txt" if answerable else None, "words" if answerable else None)
    first = st.builds(FirstQuote, st.just("1"), st.sampled_from(["a.txt", "b.txt"]), st.sampled_from(["x", "y"]))
    answered = st.builds(
        Outcome, st.just(question), st.just("answered"), st.floats(0, 1), st.integers(0, 5), st.booleans(), first
    )
    refused = st.builds(
        Outcome, st.just(question), st.just("not_in_corpus"), st.floats(0, 1), st.just(0), st.just(False)
    )
    related = st.builds(
        Outcome,
        st.just(question),
        st.just("related"),
        st.floats(0, 1),
        st.just(0),
        st.just(False),
        related_rank=st.integers(0, 3 if answerable else 0),
    )
    return answered | refused | related


@given(st.booleans().flatmap(lambda answerable: st.tuples(outcomes(answerable), outcomes(answerable))))
def test_a_change_seen_the_other_way_round_is_the_opposite(pair: tuple[Outcome, Outcome]) -> None:
    reports = [
        QuestionReport((outcome,), IndexInfo("", 0, 0, ""), OperatingPoint(0.5, 0.1, 0.1, "a test")) for outcome in pair
    ]
    there, back = changes(*reports), changes(*reversed(reports))
    assert [change.differs for change in there] == [change.differs for change in back]
    opposite = {"better": "worse", "worse": "better", "different": "different"}
    assert [opposite[change.verdict] for change in there] == [change.verdict for change in back]
    assert changes(reports[0], reports[0]) == ()
