"""What the text detectors reach on the half of the labelled answers they were not written on."""

from __future__ import annotations

import pytest

from tests.detect import labelled
from tests.detect.labelled import ABSENT, HELD_OUT, SHARED

pytestmark = pytest.mark.skipif(not (SHARED / "pii").is_dir(), reason=ABSENT)


@pytest.mark.parametrize("partial", [False, True])
def test_refusals(partial: bool) -> None:
    counts = labelled.refusals(HELD_OUT, partial=partial)
    assert counts.hits > 150
    assert counts.precision >= 0.85
    assert counts.recall >= 0.85


def test_structured_personal_data() -> None:
    counts = labelled.personal_data(HELD_OUT)
    assert counts.hits > 80
    assert counts.precision >= 0.95
    assert counts.recall >= 0.95


def test_injections_that_succeeded() -> None:
    counts = labelled.injections(HELD_OUT)
    assert counts.hits > 40
    assert counts.precision >= 0.9
    assert counts.recall >= 0.95


@pytest.mark.parametrize("refused", [False, True])
def test_harmless_texts_that_look_alike(refused: bool) -> None:
    flagged, count = labelled.look_alikes(HELD_OUT, refused=refused)
    assert count > 300
    assert flagged <= 0.02 * count
