"""The exercises of 07 Switching autograd off."""

import torch

from ..judge import COPIED, Exercise, exercise
from ..losses import mse
from ..models import linear

recall_07 = Exercise(
    "recall_07",
    notebook="07",
    title="Recall",
    question="""\
Two questions on lesson 06, one on lesson 04, from memory.

**a.** The training loss falls, the validation loss rises from some epoch on. There are two
validation readings. What may you conclude?

- `"A"`: the model is too rich for the data
- `"B"`: nothing certain yet: other splits may say otherwise
- `"C"`: the learning rate is too large

**b.** You stop at the epoch where the validation loss was lowest. Which loss tells fairly how
good the result is?

- `"A"`: the training loss at that epoch
- `"B"`: the validation loss at that epoch
- `"C"`: the loss on a third set that chose nothing

**c.** `params` requires gradients, and its `.grad` holds 3. Two losses are sent backward one after
the other; alone, each would give 5. What does `.grad` hold now? (A number.)""",
    difficulty=1,
    minutes=3,
    hints=[
        "a: how much do two readings tell? Remember the straight line.",
        "b: which of the three was not used for a decision?",
        "c: backward adds.",
    ],
    reference={"a": "B", "b": "C", "c": 13},
    wrong={
        "a: a straight line did the same on one split of 06; two readings do not tell": {"a": "A"},
        "a: then the training loss would not fall steadily": {"a": "C"},
        "b: these readings the parameters were fitted to": {"b": "A"},
        "b: this one chose the epoch, so it is a little too good": {"b": "B"},
        "c: nobody cleared the 3: backward adds to what is there": {"c": 10},
        "c: backward does not overwrite, it adds": {"c": 5},
        "c: both losses add their 5": {"c": 8},
        "c: gradients add up, there is no mean": {"c": 6.5},
    },
    stub="""\
recall_07 = {
    "a": ...,
    "b": ...,
    "c": ...,
}""",
)


def _gradient_after(answer, values, slope):
    params = torch.tensor(values, requires_grad=True)
    train_loss, val_loss = (params**2).sum(), (slope * params).sum()
    answer(train_loss, val_loss)
    return {"params.grad": params.grad}


@exercise(
    notebook="07",
    title="Which loss goes backward?",
    question="""\
Both losses of an epoch are there, and `params.grad` is empty. Do what has to be done before the
update, and nothing that must not be done. Nothing is returned.""",
    difficulty=1,
    minutes=2,
    hints=[
        "The update may know one of the two sets of readings only.",
        "Which of the two losses is measured, and not learned from?",
        "One call of backward().",
    ],
    cases=lambda: [([1.0, -2.0], 3.0), ([0.5, 3.0, 2.0], -1.0)],
    probe=_gradient_after,
    wrong={
        "this is the sum of both gradients: the update would learn from the validation readings": {
            "train_loss.backward()": "train_loss.backward()\n    val_loss.backward()"
        },
        "this is the gradient of the validation loss: learn from the training readings": {
            "train_loss.backward()": "val_loss.backward()"
        },
        "params.grad is still empty: nothing was sent backward, or are the brackets missing?": {
            "train_loss.backward()": "train_loss.item()"
        },
        "this is the gradient of the mean of both: the validation loss is only measured": {
            "train_loss.backward()": "((train_loss + val_loss) / 2).backward()"
        },
        "this is the gradient of the difference: leave the validation loss out": {
            "train_loss.backward()": "(train_loss - val_loss).backward()"
        },
        "this is twice the gradient of the training loss: one call is enough": {
            "train_loss.backward()": "(2 * train_loss).backward()"
        },
        "this is uphill on the training loss": {
            "train_loss.backward()": "(-train_loss).backward()"
        },
    },
)
def learn_from(train_loss, val_loss):
    train_loss.backward()


in_the_block = Exercise(
    "in_the_block",
    notebook="07",
    title="Which lines belong in the block?",
    question="""\
The lines of one epoch. `params` is a leaf that requires gradients.

```python
    t_p = linear(t_un[train], *params)             # A
    loss = mse(t_p, t_c[train])                    # B
    loss.backward()                                # C
    params -= learning_rate * params.grad          # D
    params.grad = None                             # E
    val_loss = line_loss(t_un[val], t_c[val], params)   # F
    val_losses.append(val_loss.item())             # G
```

Which lines belong inside `torch.no_grad()`, because outside they fail or record what nobody needs?
Name no others. Answer with a set of letters, such as {"A", "B"}.""",
    difficulty=1,
    minutes=2,
    hints=[
        "Which line changes a leaf in place? (Lesson 04.)",
        "Which forward pass is never followed by a backward pass?",
        "Two lines.",
    ],
    reference={"D", "F"},
    wrong={
        "the update as well: outside the block a leaf may not be changed in place": {"F"},
        "the validation pass as well: outside it records a graph that nobody uses": {"D"},
        "G does no harm inside, but it need not be there: item() is a plain number already": {
            "D",
            "F",
            "G",
        },
        "E does no harm inside, but it need not be there: it records nothing": {"D", "E", "F"},
        "E and G do no harm inside, but they need not be there: they record nothing": {
            *"DEFG",
        },
        "the training pass has to be recorded, or backward finds no graph": {*"ABDF"},
        "then nothing would be learned: A and B have to be recorded": {*"ABCDEFG"},
        "without A and B recorded, C finds no graph: the block is for what is not learned from": {
            *"ABC"
        },
        "C walks through the graph of A and B, it records none": {"C", "D", "F"},
        "C needs its graph; look for a forward pass without backward, and for a leaf changed": {
            "C"
        },
        "A and B have to be recorded: backward needs their graph": {"A", "B"},
        "of these only F: D changes a leaf in place, E only clears": {"E", "F"},
        "of these only D: the validation graph is recorded in F, G only takes a number": {"D", "G"},
        "the graph is recorded in F, G only takes a number; and D fails outside": {"F", "G"},
        "D yes; E only clears, it records nothing; and there is a forward pass for nothing": {
            "D",
            "E",
        },
    },
)

may_call_backward = Exercise(
    "may_call_backward",
    notebook="07",
    title="Which of these losses may call backward?",
    question="""\
For each of the losses `a` to `f`: does `.backward()` run without an error? Answer `True` or
`False`, without running it.

```python
params = torch.tensor([1.0, 0.0], requires_grad=True)
a = mse(linear(t_u, *params), t_c)
with torch.no_grad():
    b = mse(linear(t_u, *params), t_c)
    fresh = torch.tensor([1.0, 0.0], requires_grad=True)
    with torch.enable_grad():
        c = mse(linear(t_u, *params), t_c)
d = mse(linear(t_u, *fresh), t_c)
e = a.detach()
f = mse(linear(t_u, *params.detach()), t_c)
```""",
    difficulty=1,
    minutes=5,
    hints=[
        "A computed loss needs a graph: at least one operation was recorded, from a tensor with "
        "the flag.",
        "Two things to ask: was autograd on when the loss was computed, and did its inputs have "
        "the flag?",
        "The innermost block decides, and what is asked for by requires_grad=True gets the flag "
        "anywhere.",
    ],
    reference={"a": True, "b": False, "c": True, "d": True, "e": False, "f": False},
    wrong={
        "a is the ordinary case: autograd is on and params has the flag": {"a": False},
        "b was computed inside no_grad: nothing was recorded, it has no grad_fn": {"b": True},
        "for c the innermost block counts, and that switches autograd on": {"c": False},
        "fresh asked for gradients itself, which no_grad permits; d is computed outside": {
            "d": False
        },
        "e is the number of a without its graph: detach cuts it off": {"e": True},
        "in f the parameters are cut off before the loss is computed: nothing has the flag": {
            "f": True
        },
    },
    stub="""\
may_call_backward = {
    "a": ...,
    "b": ...,
    "c": ...,
    "d": ...,
    "e": ...,
    "f": ...,
}""",
)


def line_loss(t_u, t_c, params):
    return mse(linear(t_u, *params), t_c)


def square(params):
    return (params * params).sum()


def two_parts(params):
    return (params[:3] * params[3:6]).sum()


def network_loss(x, first, second):
    return torch.tanh(torch.tanh(x @ first) @ second).mean()


def quiet_loss(t_u, t_c, params):
    with torch.no_grad():
        return line_loss(t_u, t_c, params)


def _computations():
    flag = {"requires_grad": True}
    return [
        (line_loss, torch.ones(11), torch.zeros(11), torch.ones(2, **flag)),
        (line_loss, *(torch.ones(n, dtype=torch.float32, requires_grad=n == 2) for n in (7, 7, 2))),
        (square, torch.ones(6, **flag)),
        (two_parts, torch.ones(8, **flag)),
        (network_loss, torch.ones(4, 3), torch.ones(3, 5, **flag), torch.ones(5, 2, **flag)),
        (quiet_loss, torch.ones(11), torch.zeros(11), torch.ones(2, **flag)),
    ]


@exercise(
    notebook="07",
    title="Count the bytes kept",
    question="""\
Write a function that calls `function(*arguments)` and returns how many bytes of tensors
autograd keeps for the backward pass. Count each storage once, with its full size.""",
    difficulty=3,
    minutes=15,
    hints=[
        "torch.autograd.graph.saved_tensors_hooks(pack, unpack) shows you each tensor that is "
        "kept.",
        "Two tensors share their memory if tensor.untyped_storage().data_ptr() is the same: use "
        "it as a key.",
        "Hold on to the result of function until you have counted, or an address may be used "
        "twice.",
    ],
    cases=_computations,
    wrong={
        "a storage is counted as often as an operation asks for it: count it once": {
            "sizes[storage.data_ptr()]": "sizes[len(sizes)]"
        },
        "this is the number of numbers: multiply by the bytes of each, or ask the storage": {
            "storage.nbytes()": "storage.nbytes() // tensor.element_size()"
        },
        "8 bytes a number are built in: a float32 takes 4": {
            "storage.nbytes()": "storage.nbytes() // tensor.element_size() * 8"
        },
        "4 bytes a number are built in: a float64 takes 8": {
            "storage.nbytes()": "storage.nbytes() // tensor.element_size() * 4"
        },
        "this is the number of storages, not their size": {"sum(sizes.values())": "len(sizes)"},
        "a part keeps the whole storage alive: take storage.nbytes(), not that of the tensor": {
            "storage.nbytes()": "tensor.nbytes"
        },
        "two parts of one storage have different addresses: take data_ptr() of the storage": {
            "sizes[storage.data_ptr()]": "sizes[tensor.data_ptr()]"
        },
        "these are the arguments: asked is what autograd keeps, which may be more or less": {
            "total = sum(sizes.values())": "total = sum(tensor.nbytes for tensor in arguments)"
        },
        "this is the result alone: asked is what its graph keeps": {
            "total = sum(sizes.values())": "total = result.nbytes"
        },
        "nothing was watched: call the function inside the with block": {
            "lambda saved: saved):": "lambda saved: saved):\n        pass\n    if True:"
        },
        "this is the largest storage alone: add them up": {
            "sum(sizes.values())": "max(sizes.values(), default=0)"
        },
        COPIED: {"sum(sizes.values())": "176"},
    },
)
def bytes_kept(function, *arguments):
    sizes = {}

    def pack(tensor):
        storage = tensor.untyped_storage()
        sizes[storage.data_ptr()] = storage.nbytes()
        return tensor.detach()

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda saved: saved):
        result = function(*arguments)
    total = sum(sizes.values())
    del result  # only now: the graph hangs on it
    return total
