// Ctrl-k: a field over the page that leads to a case, a supplier, a decision or a page. It is the page /find in a dialog: what it
// lists, and to whom, the server says; here it becomes a list box that the field's arrow keys go through.

const palette = document.getElementById("palette-made").content.firstElementChild; // in the page while it is open
const words = palette.querySelector("#palette-words");
const found = palette.querySelector("#palette-found");
const said = palette.querySelector("#palette-said");
const options = () => [...found.querySelectorAll("a")];
let asking = null; // the question that is under way; a newer one takes its place
let waiting = 0;

function choose(option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (option) words.setAttribute("aria-activedescendant", option.id);
  else words.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function chosen() {
  return options().find((each) => each.getAttribute("aria-selected") === "true");
}

function show(list) {
  for (const frame of list.querySelectorAll("section, h2")) frame.setAttribute("role", "presentation");
  for (const group of list.querySelectorAll("ul")) group.setAttribute("role", "group");
  for (const item of list.querySelectorAll("li")) item.setAttribute("role", "presentation");
  list.querySelectorAll("a").forEach((link, at) => {
    link.setAttribute("role", "option");
    link.id = `palette-${at}`;
    link.tabIndex = -1;
  });
  found.replaceChildren(list);
  const { count } = list.dataset;
  said.textContent = count === "0" ? "nothing found" : `${count} found`;
  choose(options()[0]);
}

async function ask() {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(`/find?q=${encodeURIComponent(words.value)}`, { signal: asking.signal });
    if (answer.redirected || !answer.ok) return location.assign("/find"); // signed out meanwhile
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    show(document.adoptNode(page.querySelector(".found")));
  } catch (error) {
    if (error.name !== "AbortError") said.textContent = "the server does not answer";
  }
}

function open() {
  if (document.querySelector("dialog[open]")) return;
  words.value = "";
  document.body.append(palette);
  palette.showModal();
  words.focus();
  ask();
}

words.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 120);
});

words.addEventListener("keydown", (event) => {
  const all = options();
  const at = all.indexOf(chosen());
  if (event.key === "ArrowDown") choose(all[Math.min(at + 1, all.length - 1)]);
  else if (event.key === "ArrowUp") choose(all[Math.max(at - 1, 0)]);
  else if (event.key === "Enter") chosen()?.click();
  else return;
  event.preventDefault();
});

palette.addEventListener("close", () => palette.remove());

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  open();
});

document.addEventListener("click", (event) => {
  if (event.target === palette) palette.close(); // beside it
  if (!event.target.closest("[data-palette-open]")) return;
  event.preventDefault();
  open();
});
