"""Word what is said around quotes: where they stand, whose words they are, what came of a question."""

from __future__ import annotations

from collections.abc import Sequence

from rag.core.corpus_files import FEWEST, QUESTION_SET
from rag.core.types.answers import Answer, IndexInfo, Notice, Quote, Topic
from rag.core.types.documents import Attribution, Block, Document, Standing, Withdrawal
from rag.core.types.passages import Passage
from rag.core.types.reports import BuildReport, Finding, OperatingPoint
from rag.render.lacking import LineRun, is_narrowed, names_lacking, near_line, sentences, words_lacking
from rag.text.characters import one_line

DIFFER = "The sources differ: what is quoted here reports an effect and denies one."

NEAREST = "Nearest topics in the corpus (not an answer):"


def notices_of(answer: Answer) -> tuple[Notice, ...]:
    """Return an answer's notices; there is no way to render an answer without them.

    Raises `ValueError` for an answer that lacks the framing.
    """
    if not any(notice.kind == "framing" for notice in answer.notices):
        raise ValueError("an answer without its framing is never shown")
    return answer.notices


def headline(quote: Quote) -> str:
    """Return a quote's title and section path in one line; a heading that the quote itself opens with is left to it."""
    section = quote.passage.section
    if quote.blocks and quote.blocks[0].kind == "heading":
        section = section[:-1]
    return _under(quote.document.title, section)


def topic_name(topic: Topic) -> str:
    """Return a topic's title and section path in one line."""
    return _under(topic.title, topic.passage.section)


def topic_place(topic: Topic) -> str:
    """Say in one line where a topic stands."""
    return _place(topic.passage, topic.path)


def whose_words(attribution: Attribution) -> str:
    """Say whose words a quote is."""
    if attribution.kind == "author":
        return "the document's own words"
    name = attribution.name or "somebody else"
    return f"{name}, quoted in the document" + (f" from {attribution.url}" if attribution.url else "")


def standing_lines(standing: Standing) -> list[str]:
    """Say what a reader must know of a document before reading it, a line each; mostly there is nothing."""
    grade, scheme = standing.evidence or (None, None)
    said = (
        ("Retracted: ", standing.retracted, ""),
        ("Superseded by ", standing.superseded_by, ""),
        ("Review was due on ", standing.review_was_due, ""),
        ("Evidence grade: ", grade, f" ({scheme})"),
    )
    return [f"{before}{what}{after}" for before, what, after in said if what]


def origin(document: Document) -> str:
    """Say in one line what kind of source it is, from whom and when."""
    entry = document.entry
    return " · ".join(
        filter(
            None,
            (
                entry.kind,
                ", ".join(entry.authors),
                entry.publisher,
                entry.published,
                f"reviewed {entry.reviewed_on}" if entry.reviewed_on else None,
                entry.licence,
            ),
        )
    )


def place(quote: Quote) -> str:
    """Say in one line where in its source a quote stands."""
    return _place(quote.passage, quote.document.path, quote.page_label)


def page_name(block: Block) -> str:
    """Say what a block's page is called: its number, and what the file calls it where that is something else."""
    return f"Page {block.page}" + (f" (“{block.page_label}”)" if block.page_label is not None else "")


def also_in(quote: Quote) -> str | None:
    """Say in one line which other places say the same in the same words; None where there are none."""
    places = [
        f"{other.title} ({_place(other.passage, other.path)}{f'; {other.withdrawn}' if other.withdrawn else ''})"
        for other in quote.also_in
    ]
    return f"Also in: {'; '.join(places)}" if places else None


def understood(answer: Answer) -> list[str]:
    """Return how a question was understood, where not as it was typed, and the other readings that were close."""
    lines = [f"Searched as: {answer.searched_as}"] if answer.searched_as != answer.question else []
    if answer.resolution and answer.resolution.choices:
        lines.append(f"It may also mean: {' / '.join(answer.resolution.choices)}")
    return lines


def index_line(index: IndexInfo) -> str | None:
    """Say in one line which index answered; None where none was opened."""
    if not index.fingerprint:
        return None
    return f"Index {index.fingerprint}, {index.documents} documents, published {index.published}"


def outcome(answer: Answer) -> str:
    """Say in one line what came of a question, and first of all what is missing."""
    return "".join(run.text for run in outcome_runs(answer))


def outcome_runs(answer: Answer) -> list[LineRun]:
    """Say what came of a question as runs that are safe and on one line, of which names that are missing stand out."""
    names, words = names_lacking(answer), words_lacking(answer)
    if answer.status == "related":
        return sentences(names, words, near_line(answer))
    if answer.is_answered:
        return sentences(names, words, [LineRun(_counted(answer))])
    if why := _nothing_to_say(answer):
        return [LineRun(one_line(why))]
    no = "The documents that were searched do not say." if is_narrowed(answer) else "The corpus does not say."
    return sentences(names, [LineRun(no)], words)


def _counted(answer: Answer) -> str:
    count = len(answer.quotes)
    sources = len({quote.document.id for quote in answer.quotes})
    return (
        f"{count} passage{'s' if count != 1 else ''} from {sources} source{'s' if sources != 1 else ''}, "
        f"word for word.{f' {DIFFER}' if answer.sources_differ else ''}"
    )


def _nothing_to_say(answer: Answer) -> str | None:
    """Say why nothing was searched, or nothing of it may be quoted; None where the documents were asked."""
    if not answer.is_searched:
        return "Nothing was searched and nothing is quoted: the notice above comes first."
    if not answer.index.documents:
        return "The corpus is empty: it has no documents yet."
    if answer.changed_sources:
        return (
            "Nothing can be quoted: the sources that were found have changed since the index was built "
            f"({', '.join(answer.changed_sources)})."
        )
    withdrawn = [word for word, count in _left_out(answer) if count]
    if withdrawn and not answer.documents_searched:
        which = " that passes all filters" if answer.filters.active else ""
        return f"Nothing was searched: every document{which} is {' or '.join(withdrawn)}."
    if answer.filters.active and not answer.documents_searched:
        return "Nothing was searched: no document is known to pass all filters."
    return None


def searched_only(answer: Answer) -> str | None:
    """Say in one line what the filters let pass; None where there were none, or nothing was searched."""
    filters = answer.filters
    if not filters.active or not answer.is_searched:
        return None
    named = (
        ("document", filters.documents),
        ("kind", filters.kinds),
        ("licence", filters.licences),
        ("language", filters.languages),
        ("since", (filters.since,) if filters.since else ()),
        ("until", (filters.until,) if filters.until else ()),
    )
    asked = "; ".join(f"{name} {' or '.join(values)}" for name, values in named if values)
    return f"Searched only: {asked} ({answer.documents_searched} of {answer.index.documents} documents)."


def left_out(answer: Answer, *, on_page: bool = False) -> str | None:
    """Say in one line how many withdrawn documents were not searched, and how they are; None where there are none."""
    named = [(word, count) for word, count in _left_out(answer) if count]
    if not named:
        return None
    counted = " and ".join(f"{count:,} {word}" for word, count in named)
    documents = "document" if sum(count for _, count in named) == 1 else "documents"
    how = "choose them under “Narrow the search”" if on_page else ", ".join(f"--include-{word}" for word, _ in named)
    return f"Not searched: {counted} {documents} ({how})."


def point_line(point: OperatingPoint) -> str:
    """Say from which confidences on passages are shown, and how often that is wrong."""
    return (
        f"Shown as an answer from a confidence of {point.threshold:.2f} on, as related from {point.related_from:.2f} "
        f"on. Of 100 questions that have an answer about {_of_100(point.wrongly_refused)} are shown nothing and "
        f"{_of_100(point.only_related)} only related passages; of 100 that have none about "
        f"{_of_100(point.wrongly_answered)} are answered; about {_of_100(point.wrong_answers)} of 100 answers do not "
        f"answer (measured on {point.measured_on})."
    )


def _of_100(share: float) -> int:
    return round(100 * share)


def calibration_remark(report: BuildReport) -> str | None:
    """Say how an index that is not calibrated can be; None for one that is, or that has nothing to quote."""
    if report.operating_point or not report.passages:
        return None
    return (
        f"Not calibrated to this corpus: for that, put {QUESTION_SET} into its folder, with {FEWEST} or more questions "
        f"that it answers and as many that it does not (the README says how to write them)."
    )


def remarks(answer: Answer) -> list[str]:
    """Return what else must be said about the sources of what is shown."""
    found = []
    if (answer.quotes or answer.related) and answer.changed_sources:
        found.append(
            "Not shown, because they changed since the index was built: " + ", ".join(answer.changed_sources) + "."
        )
    if not answer.sources_checked:
        found.append("The corpus folder is not here: quotes are checked against the index alone.")
    return found


def finding_line(finding: Finding) -> str:
    """Say in one line where something is to be mended, and what."""
    return f"{finding.path}{f', line {finding.lines[0]}' if finding.lines else ''}: {finding.message}"


def _under(title: str, section: Sequence[str]) -> str:
    return " › ".join([title, *(step for step in section if step != title)])


def _left_out(answer: Answer) -> tuple[tuple[Withdrawal, int], ...]:
    return ("retracted", answer.left_out.retracted), ("superseded", answer.left_out.superseded)


def _place(passage: Passage, path: str, label: str | None = None) -> str:
    printed = f" (“{label}”)" if label is not None else ""
    page = f"page {passage.page}{printed}, " if passage.page is not None else ""
    if passage.lines is None:
        return f"{page}{path}"
    first, last = passage.lines
    return f"{page}{path}, " + (f"line {first}" if first == last else f"lines {first}–{last}")


def count_of(number: int, one: str, more: str | None = None) -> str:
    """Say how many there are: "1 document", "1,204 documents"."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"
