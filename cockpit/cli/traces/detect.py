"""`cockpit detect`: the detectors over stored traces."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import complain, print_json, say
from cockpit.cli.places import paths_of, settings_of
from cockpit.cli.traces.known import known_of

if TYPE_CHECKING:
    from cockpit.detect.meaning import Meanings
    from cockpit.detect.stream.baseline import Baseline
    from cockpit.detect.stream.page import Page
    from cockpit.detect.stream.sample import Sample
    from cockpit.domain.calls import CallTrace
    from cockpit.domain.thresholds import Thresholds
    from cockpit.intake.files import Reading

SHOWN = 20
"""Signs and problems that are printed for people; JSON has all."""


def run(given: Namespace) -> int:
    """Print the signs and pages of stored traces; 1 when there is a page, 2 when nothing could be read."""
    from cockpit.detect.stream.sample import sample_of
    from cockpit.intake.files import Reading

    lines, reading, known = thresholds(given), Reading(), known_of(given)
    found = [(trace.source, sample_of(trace, known, lines)) for trace in traces_of(given.files, given.map, reading)]
    tell_unread(reading)
    if not found:
        complain("cockpit: no trace could be read", "Look at the file, or name its fields by --map FILE.")
        return 2
    found.sort(key=lambda one: one[1].at)
    pages = pages_of([sample for _, sample in found], lines, baseline_of(given))
    if given.json:
        print_json(_as_json(found, pages, reading))
    else:
        _print(found, pages)
    return 1 if pages else 0


def traces_of(files: Sequence[str], mapping: str | None, reading: Reading) -> Iterator[CallTrace]:
    """Yield the traces of files.

    Raises:
        BadInput: a file can't be read at all, or the mapping is wrong.
    """
    from cockpit.intake.files import read_files
    from cockpit.intake.mapping import read_mapping

    mapped = read_mapping(Path(mapping)) if mapping else None
    for whole in read_files([Path(file) for file in files], reading, mapped=mapped):
        yield from whole


def tell_unread(reading: Reading) -> None:
    """Say what could not be read, with its place."""
    for problem in reading.problems[:SHOWN]:
        complain(f"cockpit: {problem.place}: {problem.reason}")
    if reading.unreadable > SHOWN:
        complain(f"cockpit: {reading.unreadable - SHOWN} more places could not be read")


def thresholds(given: Namespace) -> Thresholds:
    """Return the lines of the profile in use."""
    from cockpit.playbooks.loader import load_playbook

    return load_playbook(settings_of(given).profile).profile.detect


def baseline_of(given: Namespace) -> Baseline | None:
    """Return the baseline that is named, if one is."""
    if not given.baseline:
        return None
    from cockpit.cli.traces.baseline import load

    return load(paths_of(given).data, given.baseline)


def meanings_of(baseline: Baseline | None) -> Meanings | None:
    """Return what holds answers against a baseline by what they mean, where it was recorded with embeddings.

    Raises:
        BadInput: the model is not here.
    """
    if baseline is None or not any(one.meaning for one in baseline.routes.values()):
        return None
    from cockpit.detect.embed import load
    from cockpit.detect.meaning import Meanings

    return Meanings(baseline, load)


def pages_of(samples: Sequence[Sample], lines: Thresholds, baseline: Baseline | None) -> list[Page]:
    """Run every stream detector over samples in order of time."""
    from cockpit.detect.stream.detectors import Detectors

    detectors = Detectors(lines, baseline, meanings=meanings_of(baseline))
    pages = [page for sample in samples for page in detectors.take(sample)]
    return [*pages, *detectors.close()]


def _as_json(found: Sequence[tuple[str, Sample]], pages: Sequence[Page], reading: Reading) -> dict[str, Any]:
    from cockpit.detect.stream.page import to_json

    signs = [
        {"trace": sample.id, "source": source, "detector": sign.detector, "why": sign.why,
         "where": list(sign.where) if sign.where else None, "certainty": sign.certainty}
        for source, sample in found for sign in sample.signs
    ]  # fmt: skip
    unread = [{"place": one.place, "reason": one.reason} for one in reading.problems]
    return {
        "traces": len(found),
        "signs": signs,
        "pages": [to_json(page) for page in pages],
        "unreadable": {"count": reading.unreadable, "problems": unread},
    }


def _print(found: Sequence[tuple[str, Sample]], pages: Sequence[Page]) -> None:
    signs = [(sample.id, sign) for _, sample in found for sign in sample.signs]
    say(f"{len(found)} traces, {len(signs)} signs, {len(pages)} pages.")
    for trace, sign in signs[:SHOWN]:
        say(f"  {sign.detector}: {sign.why} (trace {trace})")
    if len(signs) > SHOWN:
        say(f"  … and {len(signs) - SHOWN} more; --json has all.")
    for page in pages:
        say(f"PAGE {page.at:%Y-%m-%d %H:%M:%S} {page.detector}: {page.why}")
