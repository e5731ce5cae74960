// What the keyboard adds to pages that work without it: j/k through rows, a/r/s for the acts, g and a letter for the
// places, / for the search, ? for the list of keys. Every act is a button of the page and is pressed as such.

document.documentElement.classList.add("has-script");

const typing = (element) => element.matches("input, textarea, select, [contenteditable]");
const focusable = (row) => (row.matches("button, a") ? row : row.querySelector(".row, a, button"));

function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")].filter(focusable);
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1);
  focusable(rows[next]).focus();
  rows[next].scrollIntoView({ block: "nearest" });
}

function search() {
  const field = document.querySelector("[data-search]");
  if (field) field.focus();
  else location.assign("/cases#search");
}

// An act that needs a reason asks for it beside the field before anything is sent.
function lacksReason(button) {
  const field = button.form.elements.reason;
  if (!button.hasAttribute("data-needs-reason") || field.value.trim()) return false;
  const problem = document.getElementById("problem");
  problem.textContent = `Say why, then choose “${button.firstChild.textContent.trim()}” again.`;
  field.closest(".reason").classList.add("open"); // on a phone it is shown once it is needed
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", "problem");
  field.focus();
  return true;
}

document.addEventListener("submit", (event) => {
  const { submitter } = event;
  if (submitter?.name === "action" && lacksReason(submitter)) event.preventDefault();
});

document.addEventListener("input", (event) => {
  if (event.target.id !== "reason") return;
  event.target.removeAttribute("aria-invalid");
  document.getElementById("problem").textContent = "";
});

let going = -Infinity; // when `g` was pressed; the letter follows within a second

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const afterG = event.timeStamp - going < 1000;
  going = -Infinity;
  const place = afterG && /^[a-z]$/.test(event.key) && document.querySelector(`[data-go="${event.key}"]`);
  const act = /^[a-z]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]:not(:disabled)`);
  if (place) place.click();
  else if (event.key === "g") going = event.timeStamp;
  else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "/") search();
  else if (event.key === "?") document.getElementById("keys").showModal();
  else if (act) act.click();
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-open]")) document.getElementById("keys").showModal();
});

document.querySelector(".places [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
if (location.hash === "#search") document.querySelector("[data-search]")?.focus();

// A link into a folded explanation opens it.
function unfold() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const folded = target.closest("details");
  if (folded) folded.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();
