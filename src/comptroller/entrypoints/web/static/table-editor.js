// Writes a decision table like a spreadsheet. Columns, hit policy and rows are the state, the page is drawn from them;
// every change is a new state, so that undoing is going back. The server says what is wrong with the table while it is
// written and keeps it when it is saved. Column 0 is the row's id.

import { read, ungrouped, written } from "./table-clipboard.js";
import { columnTools, drawHead, titleOf } from "./table-columns.js";
import { moveLimit } from "./table-limit.js";
import { cellOf, element, findingOf, ghostOf, ruleOf, sentence } from "./table-drawing.js";

const table = document.querySelector(".rules[data-head]");
const form = document.getElementById("edit");
const status = document.getElementById("edit-status");
const body = table.tBodies[0];
const choice = document.getElementById("policy");

let state = {
  ...JSON.parse(table.dataset.head),
  rows: [...body.querySelectorAll("tr[data-rule]")].map((line) => ({
    id: line.dataset.rule,
    before: line.dataset.rule,
    cells: [...line.querySelectorAll("td")].slice(0, -1).map((cell) => cell.textContent.trim()),
  })),
};
let at = { row: 0, column: 1 };
let anchor = at;
let told = { cells: [], marks: [], proposals: [] };
let saved = JSON.stringify(state);
let editing = null;
let dragged = -1;
let kept = ""; // that the table is saved, or what was not pasted, until it changes
const past = [];
const future = [];

const copyOf = (value) => structuredClone(value);
const width = () => state.columns.length + 1;
const isOfNumbers = (column) => column > 0 && state.columns[column - 1].type_ref === "number";
const kindOf = (column) => state.columns[column - 1].kind;
const headOf = (column) => (column === 0 ? "id" : titleOf(state.columns[column - 1]));
const emptyCell = (column) => (column.kind === "input" ? "-" : "");
const blank = () => ({ id: "", before: "", cells: state.columns.map(emptyCell) });
const text = ({ row, column }) => (column === 0 ? state.rows[row].id : state.rows[row].cells[column - 1]);
const clamp = (value, most) => Math.min(Math.max(value, 0), Math.max(most, 0));
const isDirty = () => JSON.stringify(state) !== saved;

// ---- drawing ------------------------------------------------------------------------------------------------------

function draw() {
  const wrong = new Map(told.cells.map((fault) => [`${fault[0]},${fault[1] + 1}`, fault]));
  drawHead(table.tHead, state.columns, told.cells.filter(([row]) => row < 0), columnActs.columnAt);
  const lines = state.rows.map((_, row) => {
    const line = element("tr", { id: `rule-${row + 1}` });
    line.dataset.row = row;
    line.append(ruleOf(row + 1, state.rows[row].id, told.marks.find(([number]) => number === row + 1)));
    for (let column = 1; column < width(); column += 1) {
      line.append(cellOf(text({ row, column }), kindOf(column), wrong.get(`${row},${column}`)));
    }
    line.append(element("td", { className: "number" }));
    return line;
  });
  body.replaceChildren(...lines, ...told.proposals.map((missing, place) => ghostOf(missing, width(), () => add(place))));
  choice.value = state.policy;
  at = { row: clamp(at.row, state.rows.length - 1), column: clamp(at.column, width() - 1) };
  anchor = { row: clamp(anchor.row, state.rows.length - 1), column: clamp(anchor.column, width() - 1) };
  select(false);
  form.querySelector('[data-do="undo"]').disabled = past.length === 0;
  form.querySelector('[data-do="redo"]').disabled = future.length === 0;
  form.querySelector("[type=submit]").disabled = !isDirty();
}

const cellAt = ({ row, column }) => body.rows[row]?.cells[column];

function block() {
  const [top, bottom] = [Math.min(at.row, anchor.row), Math.max(at.row, anchor.row)];
  const [left, right] = [Math.min(at.column, anchor.column), Math.max(at.column, anchor.column)];
  return { top, bottom, left, right };
}

function select(focus = true) {
  const { top, bottom, left, right } = block();
  for (const line of body.querySelectorAll("tr[data-row]")) {
    [...line.cells].slice(0, width()).forEach((cell, column) => {
      const row = Number(line.dataset.row);
      const chosen = row >= top && row <= bottom && column >= left && column <= right;
      cell.tabIndex = row === at.row && column === at.column ? 0 : -1;
      if (chosen) cell.setAttribute("aria-selected", "true");
      else cell.removeAttribute("aria-selected");
    });
  }
  if (focus) cellAt(at)?.focus();
  const fault = told.cells.find(([row, column]) => row === at.row && column + 1 === at.column);
  if (fault) say(`Row ${at.row + 1}, ${headOf(at.column)}: ${fault[2]}.`);
}

function say(message, isWrong = false) {
  status.textContent = message;
  status.classList.toggle("problem", isWrong);
}

// ---- changing -----------------------------------------------------------------------------------------------------

function change(make) {
  kept = "";
  past.push(copyOf(state));
  future.length = 0;
  make();
  if (state.rows.length === 0) state.rows = [blank()];
  draw();
  select();
  look();
}

function put(row, column, value) {
  const clean = value.trim();
  if (column === 0) state.rows[row].id = clean.replaceAll(/\s+/g, "-");
  else state.rows[row].cells[column - 1] = clean || emptyCell(state.columns[column - 1]);
}

function back(from, to) {
  if (from.length === 0) return;
  to.push(copyOf(state));
  state = from.pop();
  draw();
  select();
  look();
}

function add(proposal = -1) {
  const made = blank();
  if (proposal >= 0) told.proposals[proposal][1].forEach((value, place) => { made.cells[place] = value; });
  change(() => {
    const place = proposal >= 0 ? state.rows.length : at.row + 1;
    state.rows.splice(place, 0, made);
    at = anchor = { row: place, column: proposal >= 0 ? told.proposals[proposal][1].length + 1 : 1 };
  });
}

function move(from, to) {
  if (to < 0 || to >= state.rows.length || from === to) return;
  change(() => {
    state.rows.splice(to, 0, ...state.rows.splice(from, 1));
    at = anchor = { row: to, column: at.column };
  });
}

// What those who write columns and limits need of the grid.
const grid = {
  get state() { return state; },
  set state(made) { state = made; },
  get at() { return at; },
  choose: (place) => { at = anchor = place; },
  url: (way) => form.action.replace(/rows$/, way),
  emptyCell,
  change,
  finish: () => finish(true),
  put,
  say,
  select,
  send: (...asked) => send(...asked),
};
const columnActs = columnTools(grid);

const acts = {
  undo: () => back(past, future),
  redo: () => back(future, past),
  add: () => add(),
  copy: () => change(() => {
    const { top, bottom } = block();
    const made = state.rows.slice(top, bottom + 1).map((row) => ({ ...copyOf(row), id: "", before: "" }));
    state.rows.splice(bottom + 1, 0, ...made);
    at = anchor = { row: bottom + 1, column: at.column };
  }),
  remove: () => change(() => {
    const { top, bottom } = block();
    state.rows.splice(top, bottom - top + 1);
    at = anchor = { row: Math.min(top, state.rows.length - 1), column: at.column };
  }),
  up: () => move(at.row, at.row - 1),
  down: () => move(at.row, at.row + 1),
  ...columnActs,
  limit: () => moveLimit(grid),
  dated: () => {
    const { before } = state.rows[at.row];
    if (isDirty() || !before) say("Save first: the row is ended, and a new one begun, in a form of its own.", true);
    else location.assign(`${form.action}/${encodeURIComponent(before)}/from`);
  },
};

function clear() {
  const { top, bottom, left, right } = block();
  change(() => {
    for (let row = top; row <= bottom; row += 1) {
      for (let column = Math.max(left, 1); column <= right; column += 1) put(row, column, "");
    }
  });
}

// ---- a cell that is written -----------------------------------------------------------------------------------------

function write(start) {
  const cell = cellAt(at);
  if (!cell || editing) return;
  const field = element("textarea", { value: start ?? text(at), rows: 1, spellcheck: false });
  field.setAttribute("aria-label", `Row ${at.row + 1}, ${headOf(at.column)}`);
  editing = { ...at, field };
  cell.replaceChildren(field);
  field.rows = Math.min(Math.max(1, Math.ceil(field.value.length / 24)), 8);
  field.focus();
  if (start === undefined) field.select();
  field.addEventListener("blur", () => finish(true));
}

function finish(keeps, step) {
  if (!editing) return;
  const { row, column, field } = editing;
  editing = null;
  if (keeps && field.value.trim() !== text({ row, column })) change(() => put(row, column, field.value));
  else draw();
  if (step) go(...step);
  else if (!keeps) select();
}

function go(down, right, extend = false) {
  at = { row: clamp(at.row + down, state.rows.length - 1), column: clamp(at.column + right, width() - 1) };
  if (!extend) anchor = at;
  select();
}

function tab(back) {
  const place = at.row * width() + at.column + (back ? -1 : 1);
  if (place < 0 || place >= state.rows.length * width()) return false;
  at = anchor = { row: Math.floor(place / width()), column: place % width() };
  select();
  return true;
}

const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function keyWhileWriting(event) {
  if (event.key === "Escape") finish(false);
  else if (event.key === "Enter" && !event.altKey && !event.shiftKey) finish(true, [1, 0]);
  else if (event.key === "Tab") finish(true, [0, event.shiftKey ? -1 : 1]);
  else return;
  event.preventDefault();
}

function key(event) {
  event.stopPropagation(); // the letters of the page's own keys are text here
  if (editing) return keyWhileWriting(event);
  const command = event.ctrlKey || event.metaKey;
  const letter = event.key.toLowerCase();
  if (command && letter === "z") (event.shiftKey ? acts.redo : acts.undo)();
  else if (command && letter === "y") acts.redo();
  else if (command && letter === "s") form.requestSubmit();
  else if (command && letter === "a") {
    anchor = { row: 0, column: 1 };
    at = { row: state.rows.length - 1, column: width() - 1 };
    select();
  } else if (event.altKey && event.key === "ArrowUp") acts.up();
  else if (event.altKey && event.key === "ArrowDown") acts.down();
  else if (command && arrows[event.key]) go(...arrows[event.key].map((by) => by * 100_000), event.shiftKey);
  else if (arrows[event.key]) go(...arrows[event.key], event.shiftKey);
  else if (event.key === "Home") go(0, -width(), event.shiftKey);
  else if (event.key === "End") go(0, width(), event.shiftKey);
  else if (event.key === "Tab") {
    if (!tab(event.shiftKey)) return;
  } else if (event.altKey && letter === "l") acts.limit();
  else if (event.shiftKey && event.key === "F2") acts.column();
  else if (event.key === "Enter" || event.key === "F2") write();
  else if (event.key === "Delete" || event.key === "Backspace") clear();
  else if (event.key.length === 1 && !command && !event.altKey) write(event.key);
  else return;
  event.preventDefault();
}

// ---- to and from a spreadsheet --------------------------------------------------------------------------------------

function copied(event) {
  if (editing) return;
  const { top, bottom, left, right } = block();
  const between = (first, last) => Array.from({ length: last - first + 1 }, (_, place) => first + place);
  const lines = between(top, bottom).map((row) => between(left, right).map((column) => text({ row, column })));
  event.clipboardData.setData("text/plain", written(lines));
  event.preventDefault();
  if (event.type === "cut") clear();
}

function pasted(event) {
  if (editing) return;
  const block = read(event.clipboardData.getData("text/plain"));
  event.preventDefault();
  const open = [];
  change(() => {
    block.forEach((cells, down) => {
      while (state.rows.length <= at.row + down) state.rows.push(blank());
      cells.forEach((given, right) => {
        const column = at.column + right;
        if (column >= width()) return;
        const value = isOfNumbers(column) ? ungrouped(given, kindOf(column) === "input") : given;
        if (value === null) open.push(given.trim());
        else put(at.row + down, column, value);
      });
    });
  });
  const told = `${block.length} ${block.length === 1 ? "row" : "rows"} pasted`;
  if (open.length) kept = `${told}, without ${open.join("; ")}: write the number without a separator of thousands. `;
  say(kept.trim() || `${told}.`, open.length > 0);
}

// ---- the server -----------------------------------------------------------------------------------------------------

async function send(address, { rows, policy, columns } = state, typed = {}) {
  const sent = new FormData(form);
  for (const [name, value] of Object.entries(typed)) sent.set(name, value);
  sent.set("rows", JSON.stringify(rows));
  sent.set("head", JSON.stringify({ policy, columns }));
  const answer = await fetch(address, { method: "POST", body: sent, headers: { Accept: "application/json" } });
  const facts = await answer.json().catch(() => ({ problem: "the server did not answer; try again" }));
  if (!answer.ok) throw new Error(facts.problem ?? facts.message ?? "that was refused");
  return facts;
}

let waiting = 0;
let asked = 0;

function look() {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const mine = (asked += 1);
    try {
      const facts = await send(grid.url("check"));
      if (mine !== asked) return;
      told = facts;
      if (!editing) redraw();
      show(facts);
    } catch (error) {
      say(`Not checked: ${error.message}.`, true);
    }
  }, 300);
}

function redraw() {
  const here = body.contains(document.activeElement);
  draw();
  if (here) select();
}

function show({ findings, cells, others }) {
  document.getElementById("found").replaceChildren(...findings.map(findingOf));
  const errors = cells.filter((fault) => fault[3]).length + others.length;
  const gravest = findings.filter(({ weight }) => weight === "error").length;
  const about = others.length ? `: ${others[0]}` : "";
  if (errors) say(`${kept}${errors} ${errors === 1 ? "cell is" : "cells are"} not right yet${about}.`, true);
  else say(kept + (gravest ? "The cells are right; see the findings below." : "The cells are right, and the analysis finds no error."));
}

async function save(event) {
  event.preventDefault();
  finish(true);
  try {
    const { version, rows: ids, files } = await send(form.action);
    state.rows.forEach((row, place) => Object.assign(row, { id: ids[place], before: ids[place] }));
    state.columns.forEach((column, place) => Object.assign(column, { before: place }));
    form.elements.version.value = version;
    for (const field of document.querySelectorAll("input[name=version]")) field.value = version;
    document.getElementById("draft-version").textContent = version;
    const names = files.map((path) => path.split("/").at(-1)).join(", ");
    document.getElementById("draft-changes").textContent = names ? `Changes ${names}.` : "Nothing changed yet.";
    saved = JSON.stringify(state);
    past.length = future.length = 0;
    redraw();
    kept = `Saved: save ${version} of the draft. `;
    say(kept.trim());
  } catch (error) {
    say(`Not saved: ${error.message}.`, true);
  }
}

// ---- beginning ------------------------------------------------------------------------------------------------------

const placeOf = (target) => {
  const cell = target.closest("td, th");
  const line = cell?.closest("tr[data-row]");
  return line && cell.cellIndex < width() ? { row: Number(line.dataset.row), column: cell.cellIndex } : null;
};

table.setAttribute("role", "grid");
table.setAttribute("aria-label", "Rows of the table");
table.setAttribute("aria-multiselectable", "true");
document.getElementById("grid").removeAttribute("tabindex");
form.hidden = false;
body.addEventListener("keydown", key);
body.addEventListener("copy", copied);
body.addEventListener("cut", copied);
body.addEventListener("paste", pasted);
body.addEventListener("mousedown", (event) => {
  const place = placeOf(event.target);
  if (!place || event.target.matches("textarea")) return;
  if (editing) finish(true);
  at = place;
  if (!event.shiftKey) anchor = at;
  select();
  if (place.column > 0) event.preventDefault(); // the focus is set already; a row's head is dragged
});
body.addEventListener("mouseover", (event) => {
  const place = event.buttons === 1 && dragged < 0 && !editing && placeOf(event.target);
  if (!place || place.column === 0) return;
  at = place;
  select();
});
body.addEventListener("dblclick", (event) => placeOf(event.target) && write());
body.addEventListener("dragstart", (event) => {
  dragged = placeOf(event.target)?.row ?? -1;
  event.dataTransfer.setData("text/plain", String(dragged + 1));
  event.dataTransfer.effectAllowed = "move";
});
body.addEventListener("dragover", (event) => {
  const place = placeOf(event.target);
  if (dragged < 0 || !place) return;
  event.preventDefault();
  for (const line of body.rows) line.classList.toggle("drop", line.dataset.row === String(place.row));
});
body.addEventListener("drop", (event) => {
  const place = placeOf(event.target);
  event.preventDefault();
  if (place && dragged >= 0) move(dragged, place.row);
  dragged = -1;
});
body.addEventListener("dragend", () => {
  dragged = -1;
  for (const line of body.rows) line.classList.remove("drop");
});
form.addEventListener("click", (event) => {
  const act = event.target.closest("[data-do]")?.dataset.do;
  if (!act) return;
  finish(true);
  acts[act]();
});
form.addEventListener("submit", save);
choice.addEventListener("change", () => change(() => { state.policy = choice.value; }));
addEventListener("beforeunload", (event) => {
  if (isDirty()) event.preventDefault();
});
draw();
look();
