"""The detectors inside a live incident: what they page for, from shortly before the opening on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cockpit.live.alerts.paged import TOGETHER, is_told, told

if TYPE_CHECKING:
    from cockpit.detect.stream.detectors import Detectors
    from cockpit.detect.stream.page import Page
    from cockpit.detect.stream.sample import Sample
    from cockpit.session.session import Session

WAITING = 200
"""Pages that wait to be written down at most, the newest."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """A page, and the rows of the traces that show it."""

    page: Page
    rows: tuple[int, ...]


class Lookout:
    """Takes answers in one thread, and gives pages to the one that writes them."""

    def __init__(
        self,
        detectors: Detectors,
        opened: datetime,
        rows_of: Callable[[Sequence[str]], tuple[int, ...]],
        *,
        shaped: bool = False,
    ) -> None:
        """`shaped` says that answers are held against a baseline, for which their shape is needed."""
        self.shaped = shaped
        self._detectors = detectors
        self._since = opened - TOGETHER
        self._rows_of = rows_of
        self._waiting: deque[Noticed] = deque(maxlen=WAITING)

    def take(self, sample: Sample) -> None:
        """Look at one answer."""
        self._keep(self._detectors.take(sample))

    def rest(self) -> None:
        """Look at the minute that is not over, when nothing has come for a while."""
        self._keep(self._detectors.close())

    def write(self, session: Session) -> None:
        """Write down what is news to an incident; what could not be written is tried again."""
        while self._waiting:
            write_down(session, self._waiting[0])
            self._waiting.popleft()

    def _keep(self, pages: Iterable[Page]) -> None:
        """Keep what the detectors say of the incident's time; before it they only learn."""
        news = [page for page in pages if page.at >= self._since]
        self._waiting.extend(Noticed(page, self._rows_of(page.evidence)) for page in news)


def write_down(session: Session, noticed: Noticed) -> None:
    """Tell an incident of a page, unless it was told already by whomever."""

    def decide() -> list[object]:
        if session.state.ended or is_told(noticed.page, session.log):
            return []
        return list(told(noticed.page, noticed.rows, session.state, session.clock.now()))

    session.record_if(decide)  # type: ignore[arg-type]
