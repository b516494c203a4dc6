"""MLflow as the contract suite tries it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit.world.specimen import Specimen
from cockpit_adapters.mlflow.fake import FakeMLflow


def specimens() -> Sequence[Specimen]:
    """Return the alias of a prompt with two versions."""
    return (
        Specimen(
            "mlflow",
            fake=FakeMLflow,
            options={"token": "env:SPECIMEN_TOKEN", "user": "cockpit", "experiment": "support-bot"},
            address="alias:support-system@production",
            first="2",
            want="1",
            text="v1",
            elsewhere=_elsewhere,
            bad_addresses=(
                "alias:support-system",
                "alias:support-system@latest",
                "alias:support-system@v3",
                "alias:it's@production",
                "tag:support-system@production",
                "",
            ),
        ),
    )


def _elsewhere(fake: Any, value: Any) -> None:
    fake.put(value)
