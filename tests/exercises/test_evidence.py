"""A cause is named where something proves it: what an answer was seen to do, or a computed slip."""

import pytest
import torch
from answers import run, said, with_body

from helpers.exercises import ALL
from helpers.exercises.slips import typed_means
from helpers.judge import CONSTANT, NOT_YET, RIGHT, Function, Value
from helpers.judge.running import hands_back, sandbox


def judged(name, body):
    gradient = ALL["line_gradient"].reference
    sentence = said(name, with_body(name, body, line_gradient=gradient))
    assert sentence.startswith(NOT_YET)
    return sentence


FLAG = "p = torch.tensor(values, requires_grad=True)\n"
LOOK_AWAY = "with torch.no_grad():\n    "
STEPS = """\
for _ in range({}):
    dw, db = line_gradient(t_u, t_c, w, b)
    w, b = w - learning_rate * dw, b - learning_rate * db
return w, b"""
TURNED = "dw, db = line_gradient({})\nreturn w - learning_rate * dw, b - learning_rate * db"
SEEN = [
    ("central_difference", "return (f(x) + delta - f(x) - delta) / (2 * delta)", "at x alone"),
    ("central_difference", "return (f(x) + delta - (f(x) - delta)) / delta", "at x alone"),
    ("central_difference", "return (x + delta - (x - delta)) / (2 * delta)", "never called"),
    ("central_difference", "return (x + delta) ** 2 - x", "never called"),
    ("central_difference", "return f(x + delta) / delta", "on the right of x, and not"),
    ("central_difference", "return f(x) - f(x - delta)", "on the left of x, and not"),
    ("central_difference", "return f(x + 3 * delta) - f(x - delta)", "x - 1 * delta and x + 3 *"),
    ("central_difference", "return (f(x * delta) - f(x / delta)) / 2", "at other places"),
    ("autograd_gradient", f"{FLAG}e = loss_of(p)\ne.backward()\nreturn e.grad", "is no leaf"),
    (
        "autograd_gradient",
        f"{FLAG}q = 1.0 * p\nloss_of(q).backward()\nreturn q.grad",
        "is no leaf",
    ),
    (
        "autograd_gradient",
        f"{FLAG}loss_of(p.detach().requires_grad_()).backward()\nreturn p.grad",
        "of the tensor that loss_of was given",
    ),
    ("autograd_gradient", f"{FLAG}loss_of(p).backward()\nprint(p.grad)", "is a return missing"),
    (
        "next_params",
        "params.grad -= learning_rate * params.detach()\n"
        "return (params - params.grad).detach().requires_grad_()",
        "params.grad has changed",
    ),
    (
        "next_params",
        "(params**2).sum().backward()\nreturn params.detach() - learning_rate * params.grad",
        "calls backward() again",
    ),
    ("in_place_update", f"{LOOK_AWAY}params.grad -= learning_rate * params", "params.grad has"),
    ("in_place_update", f"{LOOK_AWAY}params.grad.sub_(0.3 * params.grad)", "params.grad has"),
    *(("gradient_step", STEPS.format(n), f"where {n} steps lead") for n in (2, 7, 100)),
    *(
        ("gradient_step", TURNED.format(names), f"as with line_gradient({names})")
        for names in ("w, b, t_u, t_c", "t_c, t_u, w, b", "t_u, t_c, b, w")
    ),
    *(
        ("level_w", f"return (2 * ({w} * du - dc) * du).mean()", f"of the loss at w = {w};")
        for w in (0, 1, -2.5)
    ),
    ("mean_squared_error", "return (t_p - t_c**2).mean()", "parentheses are missing: ** goes"),
    (
        "gradient_step",
        "e = w * t_u + b - t_c\n"
        "return w - learning_rate * (e * t_u).sum(), b - learning_rate * e.sum()",
        "a sum stands where a mean belongs",
    ),
    (
        "gradient_step",
        "e = w * t_u - b - t_c\n"
        "return w - learning_rate * 2 * (e * t_u).mean(), b + learning_rate * 2 * e.mean()",
        "and if a",
    ),
    ("update", "return print(w - learning_rate * dw)", "there is a return"),
    ("slope_of_b", "return 3.0", "none of the arguments is used"),
    ("slope_of_b", "return 3.0 + t_c.mean() * 0", "t_p is not used"),
    ("slope_of_b", "return (t_p - t_p + t_c - t_c).sum()", "though your code uses what comes"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body", "words"), SEEN)
def test_what_was_seen_is_told(name, body, words):
    assert words in judged(name, body)


def test_right_places_are_not_spoken_of():
    body = "return 3 * (f(x + delta) - f(x - delta)) / (2 * delta)"
    assert "your value is 3 times the true one" in judged("central_difference", body)


def test_an_argument_with_several_names_is_not_called_unused():
    made = run("def slope_of_b(*several):\n    return 3.0")["slope_of_b"]
    assert said("slope_of_b", made).splitlines()[0].endswith(f"{CONSTANT}.")


def spread(a, k):
    return k * (a - a.mean()) ** 2 + a


def test_two_slips_are_told_only_if_both_are_needed_on_all_data_sets():
    data = [(torch.tensor([1.0, 2.0, 4.0]), 3.0), (torch.tensor([0.5, 7.0]), -2.0)]
    question = Function(name="spread", reference=spread, cases=lambda: data)
    with sandbox():
        both = question.verdict(lambda a, k: k * (a - a.mean()) - a).text
        other = question.verdict(lambda a, k: (k * (a - a.mean()) - a) * (1 if k < 0 else 7)).text
    assert "a square is missing: ** 2, and if a minus stands where a plus belongs" in both
    assert "and if" not in other


def test_whether_a_function_hands_anything_back():
    def nothing(a):
        print(a)

    def early(a):
        if a:
            return
        print(a)

    def something(a):
        return print(a)

    assert [hands_back(f) for f in (nothing, early, something, print)] == [0, 0, 1, 0]


# Numbers that are typed


def test_a_typed_number_is_wrong_in_the_way_of_what_it_was_rounded_from():
    for digits in ("1.58", "1.581", "1.5811"):
        recalled = {**ALL["recall_02"].reference, "a": float(digits)}
        assert "a: this is the root of it, the RMSE" in said("recall_02", recalled)
    assert "the RMSE" in said("two_readings", 3.606) and "RMSE" not in said("two_readings", 3.6)
    assert "the RMSE" not in said("two_readings", 3.616)


def test_as_many_digits_are_right_as_the_task_asks_for():
    exact = ALL["other_wall"].reference
    assert "Four digits are enough" in ALL["other_wall"].text
    for typed in (0.001427, 1.427e-3, 0.00142699, torch.tensor(exact), f"{exact:.7g}"):
        typed = float(typed) if isinstance(typed, str) else typed
        assert said("other_wall", typed).startswith(RIGHT)
    assert "keep more of them" in said("other_wall", 0.00143)
    for near in (0.001428, 0.001426, 0.0014272):
        assert said("other_wall", near).startswith(NOT_YET)
    exactly = Value(reference=2 / 3)
    assert str(exactly.verdict(0.6667)).startswith(NOT_YET)


@pytest.mark.parametrize("rows", [([12, 3], [7, 4]), ([2.0, 5.0, 9.0], [4.0, 1.0, 9.5])])
def test_slips_in_a_typed_mean_are_computed_and_two_of_one_value_are_both_told(rows):
    table = typed_means(*rows)
    values = [round(value, 9) for value in table.values()]
    errors = [p - c for p, c in zip(*rows, strict=True)]
    right = sum(e**2 for e in errors) / len(errors)
    assert len({*values}) == len(values) > 20 and right not in values
    assert table["this is the sum of the squares: take their mean"] == pytest.approx(
        right * len(errors)
    )
    [both] = [words for words in typed_means([12, 3], [7, 4]) if "you squared the mean" in words]
    assert both.startswith("the errors are added up") and "; or " in both


def test_a_training_loop_has_to_return_what_its_task_says():
    assert "plain numbers, without\ntheir graphs" in ALL["train"].text
    source = ALL["train"].source.replace("torch.tensor(losses)", "losses")
    for kept, sign in (("loss", NOT_YET), ("loss.detach()", RIGHT), ("float(loss)", RIGHT)):
        assert said("train", run(source.replace("loss.item()", kept))["train"]).startswith(sign)
