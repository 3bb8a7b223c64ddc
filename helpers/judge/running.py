"""Running an answer: what it prints is kept, what it switches is switched back."""

import contextlib
import dis
import io
import linecache
import random
import re
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import torch

from .compare import Raised


class Unusable(Exception):
    """The answer came back with something that cannot be looked at; the text says what."""


def call(answer: Callable, *arguments: Any) -> Any:
    """The probe of most exercises: what the function returns."""
    return answer(*arguments)


class Said(io.TextIOBase):
    """Keeps the beginning of what is printed, however much it is."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        if len(self.text) < 1000:
            self.text += text[:1000]
            if len(self.text) >= 1000:
                self.text += " ... (and more)"
        return len(text)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """What is printed or warned of here is not the learner's, or was kept before."""
    with contextlib.redirect_stdout(Said()), contextlib.redirect_stderr(Said()):
        yield


@contextlib.contextmanager
def sandbox() -> Iterator[Said]:
    """Autograd on, float64; afterwards all settings are as before. What is printed is kept."""
    said = Said()
    dtype, grad = torch.get_default_dtype(), torch.is_grad_enabled()
    torch_numbers, python_numbers = torch.get_rng_state(), random.getstate()
    try:
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(True)  # whatever the notebook has switched off
        with (
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
            warnings.catch_warnings(),
        ):
            yield said
    finally:
        torch.set_default_dtype(dtype)
        torch.set_grad_enabled(grad)
        torch.set_rng_state(torch_numbers)
        random.setstate(python_numbers)


def raised(error: BaseException, answer: Any) -> Raised:
    """The error of an answer, with the line of the learner's own code that it came from."""
    code = getattr(answer, "__code__", None)
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        if code is not None and frame.f_code.co_filename == code.co_filename:
            inner = frame.f_code
            text = linecache.getline(inner.co_filename, line).strip()
            place = f", in line {line - inner.co_firstlineno + 1} of {inner.co_name}"
            place += f": {text}" if text else ""
    try:
        message = " ".join(str(error).split()).rstrip(".")
        message = re.sub(r"\b\w+\.<locals>\.", "", message)  # where it was defined says nothing
    except Exception:
        message = ""
    return Raised(type(error).__name__, _shortened(message), place[:200])


def first_use(answer: Any, place: int) -> str:
    """What the code of a function does first with the argument at this place: "LOAD" where it uses
    it, "STORE" where it gives the name to something else, nothing where the name does not stand."""
    code = getattr(answer, "__code__", None)
    if code is None or place >= code.co_argcount:
        return ""
    name, inner = code.co_varnames[place], [c for c in code.co_consts if hasattr(c, "co_code")]
    for step in (step for each in [code, *inner] for step in dis.get_instructions(each)):
        if not re.search("FAST|DEREF", step.opname):
            continue
        names = step.argval if isinstance(step.argval, tuple) else (step.argval,)
        kinds = re.findall("LOAD|STORE", step.opname)  # newer versions join two steps in one
        for kind, each in zip(kinds, names, strict=False):
            if each == name:
                return kind
    return ""


def hands_back(answer: Any) -> bool:
    """Does a return with a value stand anywhere in the code of a function?"""
    code, before = getattr(answer, "__code__", None), None
    if code is None or code.co_name == "<lambda>":
        return False
    for step in dis.get_instructions(code):
        nothing = before is not None and before.opname == "LOAD_CONST" and before.argval is None
        if step.opname == "RETURN_VALUE" and not nothing:
            return True
        before = step
    return False


def _shortened(message: str, most: int = 400) -> str:
    """A long message up to the end of a sentence, or of a word."""
    if len(message) <= most:
        return message
    cut = message[:most]
    end = cut.rfind(". ")
    return cut[:end] if end > most // 2 else cut.rsplit(" ", 1)[0] + " ..."
