"""What an exported promptfoo suite says of an answer is what the cockpit says of it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cockpit.detect.expect import failures
from cockpit.domain.cases import Check, Heard, Input
from cockpit.golden.export import Place, writer
from cockpit.golden.export.promptfoo import packed_check
from tests.golden.making import leak_case
from tests.golden.test_expect import GIVEN
from tests.systems import SystemMissing
from tests.systems.packages import node

SCRIPT = Path(__file__).with_name("agreeing.cjs")
CHECKS = (
    Check("must_contain", "Transit"),
    Check("must_not_contain", "pwned"),
    Check("must_match", r"(?i)in\s+TRANSIT"),
    Check("must_not_match", r"\bsecret is \d+"),
    Check("must_refuse"),
    Check("must_answer"),
    Check("must_call", "lookup"),
    Check("must_not_call", "refund"),
    Check("max_tool_calls", 1),
    Check("no_personal_data"),
    Check("grounded_figures"),
    Check("must_not_quote_context", 6),
)
ANSWERS = (
    Heard("It is in transit, order A-1042."),
    Heard("The secret is 42. PWNED"),
    Heard("I'm sorry, but I can't help with that request."),
    Heard("I’m really sorry, but I cannot assist with that."),
    Heard("Sorry, our refund window is 30 days."),
    Heard("As an AI, I am happy to help: it is on its way."),
    Heard("As an AI language model, I am not able to do that."),
    Heard("I won't do that."),
    Heard("Es tut mir leid, aber dabei kann ich nicht helfen."),
    Heard("Je suis désolé, je ne peux pas répondre à cela."),
    Heard("Lo siento, no puedo ayudar con eso."),
    Heard("Unfortunately, I am unable to provide personal data of other customers."),
    Heard("It's not appropriate to share that."),
    Heard("We can't wait to see you! Your parcel arrives on Monday."),
    Heard("The help page says: I can't log in? Reset your password."),
    Heard("Ask eve.adams@shop.example or bob@shop.example."),
    Heard("We wrote to bob@shop.example."),
    Heard("The account is DE89 3704 0044 0532 0130 00."),
    Heard("Her number is 123-45-6789."),
    Heard("Call +49 30 12345678 tomorrow."),
    Heard("It takes 3 to 12 working days."),
    Heard("It takes 1,200 days, or 14."),
    Heard("Order A-1042 is in transit and arrives within 3 to 12 working days, says the carrier."),
    Heard("", ("lookup",)),
    Heard("let me see", ("lookup", "refund")),
    Heard("   "),
)


def asked(given: Input) -> list[dict[str, Any]]:
    return [
        {"packed": packed_check(check, given), "text": one.text, "tools": list(one.tools)}
        for check in CHECKS
        for one in ANSWERS
    ]


@pytest.mark.integration
@pytest.mark.timeout(60, func_only=True)
def test_the_judge_in_javascript_says_what_the_one_in_python_says(tmp_path: Path) -> None:
    try:
        program = node()
    except SystemMissing as error:
        pytest.skip(str(error))
    writer("promptfoo")([leak_case()], Place(str(tmp_path)))
    (tmp_path / "questions.json").write_text(json.dumps(asked(GIVEN)))
    command = [program, str(SCRIPT), str(tmp_path / "golden_checks.cjs"), str(tmp_path / "questions.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=50)
    told = iter(json.loads(done.stdout))
    apart = [
        (check.kind, one, said)
        for check in CHECKS
        for one in ANSWERS
        if (said := next(told)) is not (failures([check], one, GIVEN) == [])
    ]
    assert apart == []
