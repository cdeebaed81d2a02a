"""Makes benchmarks of refusal from public data: what answers some of the questions is left out of the corpus.

    python benchmarks/refusal_sets.py DATA_DIR TARGET_DIR

DATA_DIR holds `medquad`, `squad2`, `clapnq` and `mtrag` as they are distributed for evaluation; what is made of them is
not ours and may not lie in the project. Each folder made has BEIR's layout with `queries_unanswerable.jsonl` beside it:
`_id`, `text`, `kind`; `context`, the questions before, oldest first; `aside`, true for a kind of neither class.
What is left out is chosen by hashes of names, so the same data gives the same files everywhere.

Labels made in this way are not all right, and the confidence of a perfect judge would not part them wholly: the topic
that stays may answer for the one that was left out, an overview for the aspect, another paragraph of the article for
the one that was left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.text.words import carries_content

ROOT = Path(__file__).resolve().parents[1]
SEED = "refusal 1"
LEFT_OUT = 1 / 3
FAR_QUERIES = 1_000
SAMPLE = 0.09
"""The share of the topics of `medquad` in the sample of it."""
RIGHT_GRADE = 3
"""From which grade on a judge of `mediqa2019` found that an answer is right."""
MEDICAL_ARTICLE = "Immune_system#"
"""Of the articles in squad2 the one whose questions a health corpus may well answer."""

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """A question with the documents that answer it; where none does, `kind` says of what sort it is."""

    id: str
    text: str
    relevant: tuple[str, ...] = ()
    kind: str = ""
    context: tuple[str, ...] = ()
    aside: bool = False


@dataclass(frozen=True, slots=True)
class RefusalSet:
    """Documents (`_id`, `title`, `text`) and the questions asked of them."""

    documents: list[Values]
    queries: list[Query]


def medquad(data: Path) -> RefusalSet:
    """Leave out whole topics, and of other topics the answers to some types of question.

    Topics are told apart by the words of their names alone, because several collections write of the same one. A topic
    left out whole is reported apart when one stays whose name holds all words of its name, or the other way round.
    """
    documents = [
        {"_id": line["_id"], "title": line["title"], "text": line["text"]}
        for line in _lines(data / "medquad/corpus.jsonl")
    ]
    questions = list(_lines(data / "medquad/questions.jsonl"))
    types: defaultdict[str, set[str]] = defaultdict(set)
    for question in questions:
        types[_topic(question)].add(question["qtype"])
    topics_out = {topic for topic in types if _chance("topic", topic) < LEFT_OUT}
    staying = [frozenset(topic.split()) for topic in types if topic not in topics_out]
    aspects_out = {
        (topic, qtype)
        for topic, qtypes in types.items()
        if topic not in topics_out
        for qtype in _aspects_out(topic, qtypes)
    }

    def kind(question: Values) -> str:
        topic = _topic(question)
        if topic in topics_out:
            words = frozenset(topic.split())
            return (
                "topic left out, a near one stays" if any(w < words or w > words for w in staying) else "topic left out"
            )
        return "aspect left out" if (topic, question["qtype"]) in aspects_out else ""

    kinds = {question["_id"]: kind(question) for question in questions}
    queries = [
        Query(
            question["_id"],
            question["text"],
            () if kinds[question["_id"]] else (question["_id"],),
            kinds[question["_id"]],
        )
        for question in questions
    ]
    return RefusalSet([document for document in documents if not kinds[document["_id"]]], queries)


def far(data: Path) -> RefusalSet:
    """Ask the health corpus of `medquad` about law, politics, oil and networks as well."""
    made = medquad(data)
    others = [
        line
        for name in ("queries.jsonl", "queries_unanswerable.jsonl")
        for line in _lines(data / "squad2" / name)
        if not line["metadata"]["paragraph"].startswith(MEDICAL_ARTICLE)
    ]
    chosen = sorted(others, key=lambda line: _chance("far", line["_id"]))[:FAR_QUERIES]
    answerable = [query for query in made.queries if query.relevant]
    return RefusalSet(made.documents, answerable + [Query(line["_id"], line["text"], kind="far") for line in chosen])


def squad2(data: Path) -> RefusalSet:
    """Leave out paragraphs; keep the unanswerable questions that people wrote to look answerable by those that stay."""
    documents = list(_lines(data / "squad2/corpus.jsonl"))
    out = {document["_id"] for document in documents if _chance("paragraph", document["_id"]) < LEFT_OUT}
    queries = []
    for line in _lines(data / "squad2/queries.jsonl"):
        paragraph = line["metadata"]["paragraph"]
        gone = paragraph in out
        queries.append(
            Query(line["_id"], line["text"], () if gone else (paragraph,), "paragraph left out" if gone else "")
        )
    for line in _lines(data / "squad2/queries_unanswerable.jsonl"):
        if line["metadata"]["paragraph"] not in out:
            queries.append(Query(line["_id"], line["text"], kind="adversarial"))
    return RefusalSet([document for document in documents if document["_id"] not in out], queries)


def clapnq(data: Path) -> RefusalSet:
    """Take all passages; annotators found that those of the unanswerable questions do not answer them."""
    documents, queries = [], []
    for name in ("answerable", "unanswerable"):
        for line in _lines(data / f"clapnq/{name}.jsonl"):
            passages = [
                {"_id": f"{line['id']}#{number}", "title": passage["title"], "text": passage["text"]}
                for number, passage in enumerate(line["passages"])
            ]
            documents += passages
            relevant = tuple(passage["_id"] for passage in passages) if name == "answerable" else ()
            queries.append(Query(line["id"], line["input"], relevant, "" if relevant else "unanswerable"))
    return RefusalSet(documents, queries)


def mtrag(data: Path, domain: str) -> RefusalSet:
    """Take the turns of conversations as people rewrote them to stand alone.

    Turns that have no answer were not rewritten: they stand as typed, with the questions before as their context. Turns
    that are answered in part are a kind that belongs to neither class.
    """
    folder = data / "mtrag" / domain
    rewritten = {line["_id"]: line["text"] for line in _lines(folder / "queries_rewrite.jsonl")}
    relevant: defaultdict[str, list[str]] = defaultdict(list)
    for row in (folder / "qrels/test.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = row.split("\t")
        if int(grade) > 0:
            relevant[query].append(document)
    queries = []
    for turn in _lines(folder / "turns.jsonl"):
        id_, text = turn["_id"], rewritten.get(turn["_id"], turn["question"])
        if turn["answerability"] == "ANSWERABLE":
            queries.append(Query(id_, text, tuple(relevant[id_])))
        elif turn["answerability"] == "PARTIAL":
            queries.append(Query(id_, text, kind="partly answerable", aside=True))
        elif turn["answerability"] == "UNANSWERABLE":
            earlier = tuple(said["text"] for said in turn["history"] if said["speaker"] == "user")
            queries.append(Query(id_, text, kind="unanswerable", context=() if id_ in rewritten else earlier))
    return RefusalSet(list(_lines(folder / "corpus.jsonl")), queries)


def mtrag_typed(data: Path, domain: str) -> RefusalSet:
    """Take the turns of conversations as they were typed, with the questions before as their context."""
    rewritten = mtrag(data, domain)
    turns = {turn["_id"]: turn for turn in _lines(data / "mtrag" / domain / "turns.jsonl")}

    def typed(query: Query) -> Query:
        turn = turns[query.id]
        earlier = tuple(said["text"] for said in turn["history"] if said["speaker"] == "user")
        return replace(query, text=turn["question"], context=earlier)

    return RefusalSet(rewritten.documents, [typed(query) for query in rewritten.queries])


def medquad_sample(data: Path) -> RefusalSet:
    """Take some topics of `medquad`: as many documents as a leaflet shelf has."""
    made = medquad(data)
    topics = {line["_id"]: _topic(line) for line in _lines(data / "medquad/questions.jsonl")}

    def chosen(id_: str) -> bool:
        return id_ in topics and _chance("sample", topics[id_]) < SAMPLE

    return RefusalSet(
        [document for document in made.documents if chosen(document["_id"])],
        [query for query in made.queries if chosen(query.id)],
    )


def medquad_keywords(data: Path) -> RefusalSet:
    """Ask them as they are typed into a search box: the words that carry content, in any order."""
    made = medquad_sample(data)
    return RefusalSet(made.documents, [replace(query, text=_keywords(query.text)) for query in made.queries])


def _keywords(question: str) -> str:
    words = [word for word in re.findall(r"[\w'-]+", question) if carries_content(word)]
    return " ".join(sorted(words, key=lambda word: _chance("order", question, word))).casefold() or question


def mediqa(data: Path) -> RefusalSet:
    """Ask consumers' questions of the answers that were found for them; leave out all that answer some of them.

    Judges graded the answers from 1 to 4; those of 3 and 4 answer.
    """
    documents, queries = [], []
    for name in ("TrainingSet2-Alexa", "ValidationSet"):
        for line in _lines(data / f"mediqa2019/{name}.jsonl"):
            id_ = f"{name}-{line['_id']}"
            right = [answer for answer in line["answers"] if answer["score"] >= RIGHT_GRADE]
            gone = not right or _chance("mediqa", id_) < LEFT_OUT
            documents += [
                {"_id": f"{name}-{answer['id']}", "title": "", "text": answer["text"]}
                for answer in line["answers"]
                if not gone or answer["score"] < RIGHT_GRADE
            ]
            relevant = () if gone else tuple(f"{name}-{answer['id']}" for answer in right)
            queries.append(Query(id_, line["question"], relevant, "answers left out" if gone else ""))
    return RefusalSet(documents, queries)


def mediqa_messages(data: Path) -> RefusalSet:
    """Ask those alone that consumers wrote, with their stories."""
    made = mediqa(data)
    return RefusalSet(made.documents, [query for query in made.queries if query.id.startswith("ValidationSet")])


SETS: dict[str, Callable[[Path], RefusalSet]] = {
    "medquad": medquad,
    "far": far,
    "squad2": squad2,
    "clapnq": clapnq,
    "medquad-sample": medquad_sample,
    "medquad-sample-keywords": medquad_keywords,
    "mediqa": mediqa,
    "mediqa-messages": mediqa_messages,
    "mtrag-clapnq-typed": lambda data: mtrag_typed(data, "clapnq"),
    "mtrag-cloud-typed": lambda data: mtrag_typed(data, "cloud"),
    "mtrag-clapnq": lambda data: mtrag(data, "clapnq"),
    "mtrag-cloud": lambda data: mtrag(data, "cloud"),
}


def write(made: RefusalSet, folder: Path) -> str:
    """Write a set in BEIR's layout; return what is in it, in words."""
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    queries = _merged(made.queries)
    answerable = [query for query in queries if query.relevant]
    others = [query for query in queries if not query.relevant]
    _write(
        folder / "corpus.jsonl",
        ({key: each.get(key, "") for key in ("_id", "title", "text")} for each in made.documents),
    )
    _write(folder / "queries.jsonl", ({"_id": query.id, "text": query.text} for query in answerable))
    _write(folder / "queries_unanswerable.jsonl", map(_unanswerable, others))
    rows = ["query-id\tcorpus-id\tscore", *(f"{query.id}\t{id_}\t1" for query in answerable for id_ in query.relevant)]
    (folder / "qrels/test.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    kinds = sorted({query.kind for query in others})
    counts = [f"{sum(query.kind == kind for query in others)} {kind!r}" for kind in kinds]
    return f"{len(made.documents)} documents, {len(answerable)} answerable, {', '.join(counts)}"


def _merged(queries: Iterable[Query]) -> list[Query]:
    """Put questions of the same words together; one that any document answers is answerable."""
    same: defaultdict[tuple[str, tuple[str, ...]], list[Query]] = defaultdict(list)
    for query in queries:
        same[" ".join(query.text.split()).casefold(), query.context].append(query)
    merged = []
    for together in same.values():
        relevant = tuple(dict.fromkeys(id_ for query in together for id_ in query.relevant))
        first = next((query for query in together if query.relevant), together[0])
        merged.append(Query(first.id, first.text, relevant, first.kind, first.context, first.aside))
    return merged


def _unanswerable(query: Query) -> Values:
    values: Values = {"_id": query.id, "text": query.text, "kind": query.kind}
    if query.context:
        values["context"] = query.context
    if query.aside:
        values["aside"] = True
    return values


def _aspects_out(topic: str, qtypes: set[str]) -> set[str]:
    """Return the types of question that are left out of a topic; one always stays."""
    by_chance = sorted(qtypes, key=lambda qtype: _chance("aspect", topic, qtype))
    return {qtype for qtype in by_chance[:-1] if _chance("aspect", topic, qtype) < LEFT_OUT}


def _topic(question: Values) -> str:
    return " ".join(re.findall(r"\w+", question["focus"].casefold()))


def _chance(*names: str) -> float:
    """Return a number from 0 to 1 that depends on the names alone."""
    return int.from_bytes(hashlib.sha256("\0".join((SEED, *names)).encode("utf-8")).digest()[:8], "big") / 2**64


def _lines(file: Path) -> Iterator[Values]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _write(file: Path, lines: Iterable[Values]) -> None:
    with file.open("w", encoding="utf-8") as opened:
        opened.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def main() -> None:
    """Make every set whose data is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="DATA_DIR", type=Path)
    parser.add_argument("target", metavar="TARGET_DIR", type=Path)
    arguments = parser.parse_args()
    if arguments.target.resolve().is_relative_to(ROOT):
        parser.error("TARGET_DIR is inside the project, where other people's data may not lie. Choose another.")
    for name, make in SETS.items():
        try:
            made = make(arguments.data)
        except FileNotFoundError as error:
            print(f"{name}: not made, {error.filename} is not there.")
            continue
        print(f"{name}: {write(made, arguments.target / name)}.")


if __name__ == "__main__":
    main()
