"""The words that a figure finds for itself: every named thing, stable numbers, nothing twice."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers.tools.describe import describe


@pytest.fixture
def panel():
    fig, ax = plt.subplots()
    yield fig, ax
    plt.close(fig)


def test_a_curve_says_where_it_starts_ends_and_is_lowest(panel):
    fig, ax = panel
    ax.plot([1, 2, 3, 4], [80.36427, 3.5, 2.0, 2.9276], label="run")
    ax.set(xlabel="epoch", ylabel="loss (°C²)", yscale="log", xlim=(0, 5), ylim=(1, 100))
    assert describe(fig) == (
        "epoch from 0 to 5, loss (°C²) from 1 to 100, logarithmic. "
        "run: from (1, 80.36) to (4, 2.928), lowest at (3, 2)."
    )


def test_a_changed_value_changes_the_words(panel):
    fig, ax = panel
    [line] = ax.plot([0, 1, 2], [1.0, 2.0, 3.0], label="run")
    before = describe(fig)
    line.set_ydata([1.0, 2.0, 3.01])
    assert describe(fig) != before


def test_what_is_nothing_on_its_axis_counts_as_zero(panel):
    fig, ax = panel
    ax.plot([0, 1], [3.1e-16, 5.0], label="run")
    assert "from (0, 0) to (1, 5)" in describe(fig)


def test_nothing_is_zero_on_a_logarithmic_axis(panel):
    fig, ax = panel
    ax.plot([1, 2], [5.0, 3.1e-9], label="run")
    ax.set(yscale="log", ylim=(1e-9, 10))
    assert "from (1, 5) to (2, below 1e-03)" in describe(fig)


def test_points_bars_tables_texts_and_panels():
    fig, (left, middle, right) = plt.subplots(1, 3)
    left.plot([1, 2, 3], [4.0, 2.0, 9.0], "o", label="readings")
    left.plot([1, 2], [1.0, 1.0], color="0.5")
    left.scatter([1, 2], [5.0, 7.0], label="validation")
    middle.bar(["a", "b"], [4.52, 4.1], label="loss")
    middle.set_title("Which degree?")
    right.imshow(np.arange(6).reshape(2, 3))
    right.text(0, 0, "the trap")
    words = describe(fig)
    plt.close(fig)
    assert (
        "Panel 1: x from" in words and "readings: 3 points, the lowest 2, the highest 9." in words
    )
    assert "validation: 2 points, the lowest 5, the highest 7." in words
    assert "Panel 2: Which degree? x: a, b" in words and "loss: 4.52, 4.1." in words
    assert "table of 2 x 3, 0 to 5. In the picture: the trap." in words


def test_a_run_that_overflows_is_described_as_far_as_it_goes(panel):
    fig, ax = panel
    ax.plot([1, 2, 3], [1.0, 1e10, float("inf")], label="up")
    ax.plot([1], [float("nan")], label="gone")
    words = describe(fig)
    assert "up: from (1, 0) to (2, 1e+10)." in words and "gone: no finite point." in words
    assert "nan" not in words and "inf" not in words


def test_curves_without_a_name_are_told_but_no_marks_rules_and_contours(panel):
    fig, ax = panel
    for height in range(6):
        ax.plot([0.0, 2.0], [1.0, height], color="0.5")
    ax.plot([1.0], [1.0], "ks")
    ax.axhline(0.5)
    ax.plot([0.0, 1.0, 0.0], [1.0, 2.0, 1.0])
    words = describe(fig)
    assert words.count("from (0, 1) to (2, ") == 4 and words.endswith("to (2, 3); 2 more.")
    assert "0.5" not in words and "(1, 1)" not in words
