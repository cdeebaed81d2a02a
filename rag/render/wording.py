"""Word what is said around quotes: where they stand, whose words they are, what came of a question."""

from __future__ import annotations

from collections.abc import Sequence

from rag.core.corpus_files import FEWEST, QUESTION_SET
from rag.core.types.answers import Answer, IndexInfo, Notice, Quote, Topic
from rag.core.types.documents import Attribution, Block, Document, Standing, Withdrawal
from rag.core.types.passages import Passage
from rag.core.types.reports import BuildReport, Finding, OperatingPoint

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
    """Say in one line what came of a question."""
    if answer.is_answered:
        count = len(answer.quotes)
        sources = len({quote.document.id for quote in answer.quotes})
        return (
            f"{count} passage{'s' if count != 1 else ''} from {sources} source{'s' if sources != 1 else ''}, "
            f"word for word.{f' {DIFFER}' if answer.sources_differ else ''}"
        )
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
    narrowed = answer.filters.active or withdrawn
    said = "The documents that were searched do not say." if narrowed else "The corpus does not say."
    if answer.missing_terms:
        said += f" {missing(answer)}"
    return said


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
    """Say from which confidence on quotes are shown, and how often that is wrong."""
    return (
        f"Answered from a confidence of {point.threshold:.2f} on: refuses {point.wrongly_refused:.0%} of the questions "
        f"that have an answer, answers {point.wrongly_answered:.0%} of those that have none "
        f"(measured on {point.measured_on})."
    )


def calibration_remark(report: BuildReport) -> str | None:
    """Say how an index that is not calibrated can be; None for one that is, or that has nothing to quote."""
    if report.operating_point or not report.passages:
        return None
    return (
        f"Not calibrated to this corpus: for that, put {QUESTION_SET} into its folder, with {FEWEST} or more questions "
        f"that it answers and as many that it does not (the README says how to write them)."
    )


def remarks(answer: Answer) -> list[str]:
    """Return what else must be said about an answered question's sources."""
    found = []
    if answer.is_answered and answer.missing_terms:
        found.append(missing(answer))
    if answer.is_answered and answer.changed_sources:
        found.append(
            "Not shown, because they changed since the index was built: " + ", ".join(answer.changed_sources) + "."
        )
    if not answer.sources_checked:
        found.append("The corpus folder is not here: quotes are checked against the index alone.")
    return found


def finding_line(finding: Finding) -> str:
    """Say in one line where something is to be mended, and what."""
    return f"{finding.path}{f', line {finding.lines[0]}' if finding.lines else ''}: {finding.message}"


def missing(answer: Answer) -> str:
    """Name the words of a question that no document holds, each with what it may be a misspelling of."""
    like = {suggestion.term: suggestion.words for suggestion in answer.suggestions}
    return f"No document holds: {', '.join(_meant(term, like.get(term, ())) for term in answer.missing_terms)}."


def _under(title: str, section: Sequence[str]) -> str:
    return " › ".join([title, *(step for step in section if step != title)])


def _left_out(answer: Answer) -> tuple[tuple[Withdrawal, int], ...]:
    return ("retracted", answer.left_out.retracted), ("superseded", answer.left_out.superseded)


def _meant(term: str, words: Sequence[str]) -> str:
    if not words:
        return term
    *others, last = words
    return f"{term} (did you mean {', '.join(others) + ' or ' if others else ''}{last}?)"


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
