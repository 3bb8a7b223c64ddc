"""How the browser tests move the explorer and read what it shows."""

import json

PICTURES = ["surface", "losses", "fit", "sweep"]


def settled(page) -> None:
    """Two frames later everything that was asked for has been drawn."""
    page.evaluate("() => new Promise(f => requestAnimationFrame(() => requestAnimationFrame(f)))")


def drawn(page, name: str) -> str:
    settled(page)
    return page.locator(f"[data-picture={name}]").inner_html()


def verdict(page) -> str:
    settled(page)
    return page.locator("[data-verdict]").inner_text()


def slider(page, label: str):
    return page.get_by_role("slider", name=label, exact=True)


def press(page, *names: str) -> None:
    for name in names:
        page.get_by_role("button", name=name, exact=True).click()
        settled(page)


def type_into(page, label: str, text: str) -> None:
    page.get_by_label(f"{label}, typed").fill(text)
    page.keyboard.press("Enter")
    settled(page)


def nothing_is_cut_off(page) -> None:
    """No text in a picture leaves it, no control leaves the page, no two notes overlap."""
    faults = page.evaluate(
        """() => {
          const root = document.querySelector('[data-instrument]'), faults = [];
          const frame = root.getBoundingClientRect();
          for (const text of root.querySelectorAll('svg[data-picture] text')) {
            const a = text.closest('svg').getBoundingClientRect(), t = text.getBoundingClientRect();
            if (t.left < a.left - 2 || t.right > a.right + 2 || t.top < a.top - 3 || t.bottom > a.bottom + 3)
              faults.push(`cut off: ${text.textContent}`);
          }
          for (const element of root.querySelectorAll('button, input, p, figcaption, output')) {
            const e = element.getBoundingClientRect();
            if (element.matches('[data-part=presets] *')) continue; // they scroll in their row on a phone
            if (e.width > 1 && e.right > frame.right + 1) faults.push(`too wide: ${element.outerHTML}`);
          }
          for (const svg of root.querySelectorAll('svg[data-picture]')) {
            const boxes = [...svg.querySelectorAll('text:not(.label)')].map(
              t => [t.textContent, t.getBoundingClientRect()]);
            boxes.forEach(([p, a], i) => boxes.slice(i + 1).forEach(([q, b]) => {
              if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
                faults.push(`overlap in ${svg.dataset.picture}: ${p} / ${q}`);
            }));
          }
          return faults;
        }"""  # noqa: E501
    )
    assert faults == []


# In JupyterLab

SHOWN = """() => {
  const root = document.querySelector('[data-instrument]');
  const number = name => Number(root.querySelector(`[data-box=${name}]`).value);
  const choice = name => root.querySelector(`[data-choice=${name}]:checked`).value;
  return { inputs: choice('inputs'), optimizer: choice('optimizer'),
    learning_rate: number('learning_rate'), n_epochs: number('n_epochs'),
    momentum: Number(root.querySelector('[data-slider=momentum]').value),
    start: [number('start_w'), number('start_b')],
    reading: [number('reading'), number('t_u'), number('t_c')] } }"""


def ask_kernel(page, expression: str):
    """The value of an expression in the notebook's kernel."""
    found = page.evaluate(
        """code => new Promise(resolve => {
          const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
          const future = kernel.requestExecute({ code });
          let text = '';
          future.onIOPub = m => { if (m.header.msg_type === 'stream') text += m.content.text; };
          future.done.then(() => resolve(text));
        })""",
        f"import json; print(json.dumps({expression}))",
    )
    return json.loads(found)


def agreed(page) -> dict:
    """What the page shows a second and a half later; the traits in Python must say the same."""
    page.wait_for_timeout(1500)
    shown = page.evaluate(SHOWN)
    number, *reading = shown.pop("reading")
    traits = ask_kernel(page, "explorer.values()")
    readings = traits.pop("readings")
    assert shown == traits
    assert reading == [readings[name][number - 1] for name in ("t_u", "t_c")]
    return {**shown, "reading": reading}


def drag(page, picture: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag with the mouse between two places of a picture, in pixels from its corner."""
    box = page.locator(f"[data-picture={picture}]").bounding_box()
    page.mouse.move(box["x"] + start[0], box["y"] + start[1])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0], box["y"] + end[1], steps=4)
    page.mouse.up()
    settled(page)


def places(page, picture: str, selector: str) -> list[list[float]]:
    """The middles of a picture's markers, in pixels from its corner."""
    return page.evaluate(
        """([picture, selector]) => {
          const svg = document.querySelector(`[data-picture=${picture}]`);
          const { left, top } = svg.getBoundingClientRect();
          return [...svg.querySelectorAll(selector)].map(marker => {
            const box = marker.getBoundingClientRect();
            return [box.left + box.width / 2 - left, box.top + box.height / 2 - top] }) }""",
        [picture, selector],
    )
