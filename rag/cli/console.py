"""Deal with a command's terminal: errors, JSON, remarks, progress, and the reports of a build.

Answers go to standard output, everything else to standard error.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from rag.core.errors import RagError
from rag.render.wording import calibration_remark, finding_line, point_line
from rag.text.characters import one_line

if TYPE_CHECKING:
    from rich.console import Console

    from rag.core.types.answers import Notice
    from rag.core.types.documents import SkippedSource
    from rag.core.types.protocols import Progress
    from rag.core.types.reports import BuildReport


class Command(click.Command):
    """A command whose examples are shown as they are written."""

    def __init__(self, *args: Any, examples: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = [line.strip() for line in examples.strip().splitlines()]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write(f"  {example}\n")


class Program(click.Group):
    """The group of all commands: whatever goes wrong is one safe line on standard error, with its exit code."""

    def main(  # type: ignore[override] # click overloads it by whether it returns; ours never does
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")  # rather than fail on a terminal of few characters
        name = prog_name or self.name
        extra["standalone_mode"] = False
        try:
            code = super().main(args, prog_name, **extra)
            sys.stdout.flush()
        except BrokenPipeError:  # the reader of our output has gone, as `head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 0
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            code = error.exit_code
        except click.ClickException as error:
            code = _complain(name, f"{error.format_message()} Type --help for what there is.", error.exit_code)
        except click.Abort:
            code = _complain(name, "Interrupted.", 130)
        except RagError as error:
            code = _complain(name, str(error), error.exit_code)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            code = _complain(name, f"{where}{error.strerror or error}. Check the name, permissions and free space.", 1)
        sys.exit(code if isinstance(code, int) else 0)


def _complain(name: str | None, message: str, code: int) -> int:
    click.echo(f"{name}: {one_line(message)}", err=True)
    return code


def print_build(report: BuildReport, as_json: bool, quiet: bool = False) -> None:
    if as_json:
        from rag.render.json_reports import build_record

        print_record(build_record(report))
        return
    print_changes(report)
    done = f"published in {report.seconds:.1f} s" if report.published else "up to date, nothing to do"
    click.echo(
        f"Index {report.fingerprint}: {report.documents} documents, {report.passages} passages, "
        f"{report.encoded} encoded; {done}."
    )
    if report.operating_point:
        click.echo(one_line(point_line(report.operating_point)))
    if remark := calibration_remark(report):
        remarks(quiet)(remark)


def print_changes(report: BuildReport) -> None:
    for verb, paths in (("Added", report.added), ("Changed", report.changed), ("Removed", report.removed)):
        if paths:
            click.echo(f"{verb}: {', '.join(map(one_line, paths))}")
    for path, of in report.duplicates:
        click.echo(f"Same content: {one_line(path)} as {one_line(of)}; indexed once.")
    print_skipped(report.skipped)
    for finding in report.findings:
        click.echo(f"Left out: {one_line(finding_line(finding))}", err=True)


def print_skipped(skipped: Sequence[SkippedSource]) -> None:
    for each in skipped:
        click.echo(f"Left out: {one_line(each.path)}: {one_line(each.reason)} {one_line(each.advice)}", err=True)


def print_record(record: Mapping[str, Any]) -> None:
    """Print a record as one JSON object, the number of its schema first."""
    from rag.render.json_records import stamped, to_json

    click.echo(to_json(stamped(record)))


def warning(notices: Sequence[Notice]) -> Callable[[], None]:
    """Return what prints urgent notices on standard error, once: for when their answer takes time, or fails."""
    left = list(notices)

    def warn() -> None:
        while left:
            click.echo(one_line(left.pop(0).text), err=True)

    return warn


@contextmanager
def warned(urgent: Sequence[Notice], quiet: bool) -> Iterator[Callable[[str], None]]:
    """Give urgent notices where their answer has to wait or fails; yields what makes remarks on what it waits for."""
    warn = warning(urgent)

    def say(remark: str) -> None:
        warn()  # what is remarked on takes time: an index is built, say
        remarks(quiet)(remark)

    try:
        yield say
    except RagError:
        warn()
        raise


def standard_input() -> str:
    if sys.stdin is None:  # it was closed by whoever started us
        return ""
    return sys.stdin.buffer.read().decode("utf-8", "replace")


def remarks(quiet: bool) -> Callable[[str], None]:
    return lambda remark: None if quiet else click.echo(one_line(remark), err=True)


def console(no_color: bool, *, stderr: bool = False) -> Console:
    from rich.console import Console

    class PipedConsole(Console):
        """A console that leaves a closed pipe to the program; rich's own would exit with 1."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return PipedConsole(stderr=stderr, no_color=True if no_color else None, highlight=False, markup=False, emoji=False)


@contextmanager
def progress_bars(quiet: bool) -> Iterator[Progress]:
    """Show progress on standard error, where that is a terminal; one bar a stage."""
    from rag.core.types.protocols import no_progress

    if quiet or not sys.stderr.isatty():
        yield no_progress
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show_progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show_progress
