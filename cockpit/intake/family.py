"""Who called whom in a trace: its root, the calls of models, and what would be counted twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cockpit.domain.calls import SpanKind
from cockpit.intake.spans import Step


class Family:
    """Steps in order of their start, at least one.

    Frameworks repeat a model's tokens, cost and answer on the steps around the call. What is counted is the
    innermost step that knows; a tool in between ends that, since an agent called as a tool costs on top.
    """

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = steps
        self._by_id = {step.id: step for step in reversed(steps)}
        self.root = next((step for step in steps if not step.parent or step.parent not in self._by_id), steps[0])
        around = self._around(lambda step: step.kind is SpanKind.LLM)
        for step in steps:
            if step.kind is SpanKind.LLM and id(step) in around:
                step.kind = SpanKind.CHAIN
        self.models = [step for step in steps if step.kind is SpanKind.LLM]

    @property
    def last(self) -> Step | None:
        """The call of a model that ended last."""
        return max(self.models, key=lambda step: step.end, default=None)

    @property
    def main(self) -> Step | None:
        """The step that names the model: the last call of one, else whatever names one."""
        named = [step for step in self.models if step.model] or [step for step in self.steps if step.model]
        return max(named, key=lambda step: step.end, default=None)

    def tokens(self) -> tuple[int, int]:
        """Return tokens read and written, each counted once."""
        around = self._around(lambda step: step.counted)
        counted = [step for step in self.steps if step.counted and id(step) not in around]
        return sum(step.tokens_in or 0 for step in counted), sum(step.tokens_out or 0 for step in counted)

    def cost(self) -> float | None:
        """Return what it cost in dollars, each call counted once; None where nobody recorded it."""
        around = self._around(lambda step: step.cost_usd is not None)
        known = [step.cost_usd for step in self.steps if step.cost_usd is not None and id(step) not in around]
        return sum(known) if known else None

    def _around(self, holds: Callable[[Step], bool]) -> set[int]:
        """Return the steps that contain one for which it holds."""
        found: set[int] = set()
        for step in self.steps:
            if holds(step) and step.kind is not SpanKind.TOOL:
                for above in self._above(step):
                    if id(above) in found:
                        break
                    found.add(id(above))
        return found

    def _above(self, step: Step) -> Iterator[Step]:
        seen = {id(step)}
        while (above := self._by_id.get(step.parent)) is not None and id(above) not in seen:
            if above.kind is SpanKind.TOOL:
                return
            seen.add(id(above))
            yield above
            step = above
