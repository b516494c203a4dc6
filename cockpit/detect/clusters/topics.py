"""Groups of texts on one topic that share no template: TF-IDF, its main directions, and k-means on a sample.

Softer than templates, and said to be so: a topic is a habit of words. NumPy is imported when it is called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cockpit.detect.clusters.leader import Words, by_size, smallest_group

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

SAMPLE, MOST_WORDS, DIRECTIONS = 2_000, 1_500, 40
"""Texts that are learned from, words that count, and directions that are kept."""
MOST_TOPICS, ROUNDS, TRIES = 20, 10, 3
COUNTED_ON = 700
"""Texts on which numbers of topics are tried."""
FEWEST_TEXTS = 40
"""Fewer texts show no topic that chance would not."""
CLEAR = 0.12
"""How much nearer, on average, texts are to their own topic than to the next where there are topics at all."""
NEAR = 0.2
"""Cosine to its topic under which a text is like nothing."""


def group_by_topic(sets: Sequence[Words], weights: Mapping[str, float], *, seed: int = 0) -> list[int]:
    """Return the topic of every text, counted from 0 by size, or -1 for those near none."""
    if len(sets) < FEWEST_TEXTS:
        return [-1] * len(sets)
    import numpy as np

    chance = np.random.default_rng(seed)
    order = sorted(range(len(sets)), key=lambda one: sorted(sets[one]))
    drawn = [order[one] for one in np.sort(chance.permutation(len(sets))[:SAMPLE])]
    words = _vocabulary([sets[one] for one in drawn], weights)
    if len(words) < 4:
        return [-1] * len(sets)
    sample = _matrix([sets[one] for one in drawn], words, weights)
    directions = np.linalg.svd(_narrowed(sample, chance), full_matrices=False)[2][:DIRECTIONS].T
    near = _unit(sample @ directions)
    centres = _best_centres(near, chance)
    if centres is None:
        return [-1] * len(sets)
    found: list[int] = []
    for start in range(0, len(sets), SAMPLE):
        block = _unit(_matrix(sets[start : start + SAMPLE], words, weights) @ directions) @ centres.T
        found += [int(best) if block[row, best] >= NEAR else -1 for row, best in enumerate(block.argmax(axis=1))]
    return by_size(found, smallest_group(len(sets)))


def _vocabulary(sets: Sequence[Words], weights: Mapping[str, float]) -> dict[str, int]:
    counts = Counter(word for words in sets for word in words if word in weights)
    most = 0.6 * len(sets)
    ranked = sorted((word for word, n in counts.items() if 3 <= n <= most), key=lambda word: (-counts[word], word))
    return {word: place for place, word in enumerate(ranked[:MOST_WORDS])}


def _matrix(sets: Sequence[Words], words: Mapping[str, int], weights: Mapping[str, float]) -> Matrix:
    import numpy as np

    table = np.zeros((len(sets), len(words)), dtype=np.float32)
    for row, held in enumerate(sets):
        for word in held:
            if (column := words.get(word)) is not None:
                table[row, column] = weights[word]
    return _unit(table)


def _unit(table: Matrix) -> Matrix:
    import numpy as np

    lengths = np.sqrt((table * table).sum(axis=1, keepdims=True))
    unit: Matrix = np.divide(table, lengths, out=np.zeros_like(table), where=lengths > 0)
    return unit


def _narrowed(table: Matrix, chance: np.random.Generator) -> Matrix:
    """Return a small table with the same main directions: a random projection, sharpened twice."""
    import numpy as np

    width = min(2 * DIRECTIONS, *table.shape)
    probe = table @ chance.standard_normal((table.shape[1], width), dtype=np.float32)
    for _ in range(2):
        probe = table @ (table.T @ np.linalg.qr(probe)[0])
    narrowed: Matrix = np.linalg.qr(probe)[0].T @ table
    return narrowed


def _best_centres(near: Matrix, chance: np.random.Generator) -> Matrix | None:
    """Return the centres of as many topics as tell the texts apart best; None where no number does."""
    some = near[:: 1 + len(near) // COUNTED_ON]
    tried = [_means(some, count, chance) for count in range(2, min(MOST_TOPICS, len(near) // 10) + 1)]
    likely = max(tried, key=lambda centres: _apart(some, centres))
    found = max(
        (likely, *(_means(near, len(likely), chance) for _ in range(TRIES))), key=lambda one: _apart(near, one)
    )
    return found if _apart(near, found) >= CLEAR else None


def _means(near: Matrix, count: int, chance: np.random.Generator) -> Matrix:
    """Run k-means on the sphere from far-apart starts (k-means++)."""
    import numpy as np

    centres = near[[int(chance.integers(len(near)))]]
    while len(centres) < count:
        far = np.clip(1.0 - (near @ centres.T).max(axis=1).astype(float), 0.0, None) ** 2
        total = float(far.sum())
        pick = int(chance.choice(len(near), p=far / total)) if total > 0 else int(chance.integers(len(near)))
        centres = np.vstack([centres, near[pick]])
    for _ in range(ROUNDS):
        own = (near @ centres.T).argmax(axis=1)
        moved = _unit((own == np.arange(count)[:, None]).astype(np.float32) @ near)
        if np.allclose(moved, centres, atol=1e-6):
            break
        centres = moved
    return centres


def _apart(near: Matrix, centres: Matrix) -> float:
    """Return the mean silhouette of texts against centres: 0 is no better than between two topics, 1 is at one."""
    import numpy as np

    far = np.sort(1.0 - near @ centres.T, axis=1)[:, :2]
    silhouettes = (far[:, 1] - far[:, 0]) / np.maximum(far[:, 1], 1e-9)
    return float(silhouettes.mean())
