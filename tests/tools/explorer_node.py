"""The explorer's module, evaluated by node: how its numbers are compared with PyTorch's."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from helpers.explorer import LearningRateExplorer

MODULE = str(LearningRateExplorer._esm)


def explorer(inputs, optimizer, learning_rate, momentum, n_epochs) -> LearningRateExplorer:
    return LearningRateExplorer(
        inputs=inputs,
        optimizer=optimizer,
        learning_rate=learning_rate,
        momentum=momentum,
        n_epochs=n_epochs,
    )


def exports() -> list[str]:
    return re.findall(r"^export (?:const|function) (\w+)", MODULE, re.MULTILINE)


def node(expression: str, values: list) -> list:
    """`node("simulate(x)", values)` evaluates the expression in the module for each value x."""
    program = shutil.which("node")
    if program is None:
        reason = "node is not installed: the explorer cannot be compared with PyTorch"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # node reads a .js file as something older
        (folder / "explorer.mjs").write_text(MODULE, encoding="utf-8")
        (folder / "ask.mjs").write_text(
            'import * as explorer from "./explorer.mjs";\n'
            'import { readFileSync } from "node:fs";\n'
            f"const {{ {', '.join(exports())} }} = explorer;\n"
            "const values = JSON.parse(readFileSync(0));\n"
            f"const SETTINGS = {json.dumps(LearningRateExplorer().spec['settings'])};\n"
            # JSON would turn Infinity and NaN into null; Python's reader knows their names.
            "const text = (_, v) => typeof v === 'number' && !Number.isFinite(v) ? `#${v}#` : v;\n"
            f"const answer = JSON.stringify(values.map((x) => {expression}), text);\n"
            "process.stdout.write(answer.replace(/\"#(.*?)#\"/g, '$1'));\n"
        )
        done = subprocess.run(
            [program, folder / "ask.mjs"],
            input=json.dumps(values),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
