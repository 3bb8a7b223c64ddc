// The search of the front page: everything it knows stands in the page itself.
const index = JSON.parse(document.getElementById("index").textContent);
const box = document.getElementById("search");
const list = document.getElementById("found");
const status = document.getElementById("search-status");

function show() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = words.length
    ? index.filter(([text]) => words.every((word) => text.toLowerCase().includes(word)))
    : [];
  list.replaceChildren(
    ...hits.slice(0, 30).map(([text, link, where]) => {
      const item = document.createElement("li");
      const anchor = document.createElement("a");
      anchor.href = link;
      anchor.textContent = text;
      item.append(anchor, ` · ${where}`);
      return item;
    }),
  );
  const none = words.length ? "Nothing found. Try one word." : "";
  status.textContent = hits.length ? `${hits.length} found` : none;
}

box.addEventListener("input", show);
document.getElementById("search-part").hidden = false;
