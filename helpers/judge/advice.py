"""What to do about errors whose text does not say it to a beginner."""

from .compare import Raised

# A piece of the error's text, and what it means where these lessons are practised.
ADVICE = {
    "'Tensor' object has no attribute 'zero_grad'": (
        "An optimizer has zero_grad(); the gradient of a tensor is cleared by .grad.zero_(), or by "
        ".grad = None"
    ),
    "assigned grad expected to be a Tensor": (
        "A gradient is cleared by .grad = None, or by .grad.zero_()"
    ),
    "cannot access local variable": (
        "A name that a function assigns to anywhere, by -= as well, is the function's own: here it "
        "is used before it has a value"
    ),
    "'Tensor' object has no attribute 'step'": "An optimizer has step(); a loss has backward()",
    "grad can be implicitly created only for scalar": "What goes backward is one number, the loss",
    "iteration over a 0-d tensor": "This is a single number: it cannot be taken apart",
    "'float' object has no attribute 'backward'": (
        "A plain number has no graph: send the tensor backward, take .item() of it afterwards"
    ),
    "'float' object is not iterable": "+= joins lists; a single number is added by append",
    "Boolean value of Tensor with more than one value": (
        "An if wants one truth value, and here each entry has its own"
    ),
    "does not require grad and does not have a grad_fn": (
        "No graph was recorded: does a tensor that it was computed from have requires_grad=True?"
    ),
    "Only Tensors of floating point": "Whole numbers have no slope: write 1.0, not 1",
    "'NoneType' object is not subscriptable": (
        "Something returned None: a call that changes its argument in place, or lacks its return"
    ),
}


def advice(error: Raised) -> str:
    """A line that says what to do, or nothing."""
    found = (text for piece, text in ADVICE.items() if piece in error.message)
    return next((f"\n   {text}{'' if text.endswith('?') else '.'}" for text in found), "")
