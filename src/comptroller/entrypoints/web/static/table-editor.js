// Writes a decision table like a spreadsheet. The rows are the state, the page is drawn from them; every change is a new
// state, so that undoing is going back. The server says what is wrong with the rows while they are written and keeps
// them when they are saved. Column 0 is the row's id.

const table = document.querySelector(".rules[data-inputs]");
const form = document.getElementById("edit");
const status = document.getElementById("edit-status");
const body = table.tBodies[0];
const inputs = Number(table.dataset.inputs);
const outputs = Number(table.dataset.outputs);
const heads = ["id", ...[...table.tHead.rows[1].cells].map((cell) => cell.firstChild.textContent.trim())];
const width = heads.length;

let rows = [...body.querySelectorAll("tr[data-rule]")].map((line) => ({
  id: line.dataset.rule,
  before: line.dataset.rule,
  cells: [...line.querySelectorAll("td")].slice(0, width - 1).map((cell) => cell.textContent.trim()),
}));
let at = { row: 0, column: 1 };
let anchor = at;
let told = { cells: [], marks: [], proposals: [] };
let saved = JSON.stringify(rows);
let editing = null;
let dragged = -1;
let kept = ""; // that the rows are saved, until they change
const past = [];
const future = [];

const copyOf = (value) => structuredClone(value);
const blank = () => ({
  id: "",
  before: "",
  cells: Array.from({ length: width - 1 }, (_, place) => (place < inputs ? "-" : "")),
});
const text = ({ row, column }) => (column === 0 ? rows[row].id : rows[row].cells[column - 1]);
const clamp = (value, most) => Math.min(Math.max(value, 0), Math.max(most, 0));
const isDirty = () => JSON.stringify(rows) !== saved;

// ---- drawing ------------------------------------------------------------------------------------------------------

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function kindOf(column) {
  if (column <= inputs) return "input";
  return column <= inputs + outputs ? "output" : "annotation";
}

function cellOf(row, column, wrong) {
  const value = rows[row].cells[column - 1];
  const kind = kindOf(column);
  const cell = element("td", { className: `${kind}${value === "-" ? " any" : ""}${value.length > 48 ? " broad-cell" : ""}` });
  cell.append(kind === "annotation" ? value : element("code", { textContent: value }));
  if (wrong) {
    cell.classList.add(wrong[3] ? "wrong" : "doubtful");
    cell.setAttribute("aria-invalid", "true");
    cell.title = wrong[2];
  }
  return cell;
}

function headOf(row) {
  const mark = told.marks.find(([number]) => number === row + 1);
  const line = element("span", { className: "line" }, String(row + 1));
  if (mark) line.append(element("span", { className: `weight ${mark[1]}`, title: mark[2], textContent: ` ${mark[1] === "information" ? "note" : mark[1]}` }));
  const head = element("th", { className: "rule", scope: "row", draggable: true, title: "Drag to move the row" }, line);
  head.append(element("code", { textContent: rows[row].id || "new" }));
  return head;
}

function ghostOf([weight, cells], place) {
  const line = element("tr", { className: `ghost ${weight}` });
  line.append(element("th", { className: "rule", scope: "row" }, element("span", { className: "line", textContent: "missing" })));
  for (const value of cells) line.append(element("td", { className: "input" }, element("code", { textContent: value })));
  const button = element("button", { type: "button", className: "plain", textContent: "Add this row" });
  button.addEventListener("click", () => add(place));
  line.append(element("td", { colSpan: width - inputs }, button));
  return line;
}

function draw() {
  const wrong = new Map(told.cells.map((fault) => [`${fault[0]},${fault[1] + 1}`, fault]));
  const lines = rows.map((_, row) => {
    const line = element("tr", { id: `rule-${row + 1}` });
    line.dataset.row = row;
    line.append(headOf(row));
    for (let column = 1; column < width; column += 1) line.append(cellOf(row, column, wrong.get(`${row},${column}`)));
    line.append(element("td", { className: "number" }));
    return line;
  });
  body.replaceChildren(...lines, ...told.proposals.map(ghostOf));
  at = { row: clamp(at.row, rows.length - 1), column: clamp(at.column, width - 1) };
  anchor = { row: clamp(anchor.row, rows.length - 1), column: clamp(anchor.column, width - 1) };
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
    [...line.cells].slice(0, width).forEach((cell, column) => {
      const row = Number(line.dataset.row);
      const chosen = row >= top && row <= bottom && column >= left && column <= right;
      cell.tabIndex = row === at.row && column === at.column ? 0 : -1;
      if (chosen) cell.setAttribute("aria-selected", "true");
      else cell.removeAttribute("aria-selected");
    });
  }
  if (focus) cellAt(at)?.focus();
  const fault = told.cells.find(([row, column]) => row === at.row && column + 1 === at.column);
  if (fault) say(`Row ${at.row + 1}, ${heads[at.column]}: ${fault[2]}.`);
}

function say(message, isWrong = false) {
  status.textContent = message;
  status.classList.toggle("problem", isWrong);
}

// ---- changing -----------------------------------------------------------------------------------------------------

function change(make) {
  kept = "";
  past.push(copyOf(rows));
  future.length = 0;
  make();
  if (rows.length === 0) rows = [blank()];
  draw();
  select();
  look();
}

function put(row, column, value) {
  const clean = value.trim();
  if (column === 0) rows[row].id = clean.replaceAll(/\s+/g, "-");
  else rows[row].cells[column - 1] = column <= inputs ? clean || "-" : clean;
}

function back(from, to) {
  if (from.length === 0) return;
  to.push(copyOf(rows));
  rows = from.pop();
  draw();
  select();
  look();
}

function add(proposal = -1) {
  const made = blank();
  if (proposal >= 0) told.proposals[proposal][1].forEach((value, place) => { made.cells[place] = value; });
  change(() => {
    const place = proposal >= 0 ? rows.length : at.row + 1;
    rows.splice(place, 0, made);
    at = anchor = { row: place, column: proposal >= 0 ? inputs + 1 : 1 };
  });
}

function move(from, to) {
  if (to < 0 || to >= rows.length || from === to) return;
  change(() => {
    rows.splice(to, 0, ...rows.splice(from, 1));
    at = anchor = { row: to, column: at.column };
  });
}

const acts = {
  undo: () => back(past, future),
  redo: () => back(future, past),
  add: () => add(),
  copy: () => change(() => {
    const { top, bottom } = block();
    const made = rows.slice(top, bottom + 1).map((row) => ({ ...copyOf(row), id: "", before: "" }));
    rows.splice(bottom + 1, 0, ...made);
    at = anchor = { row: bottom + 1, column: at.column };
  }),
  remove: () => change(() => {
    const { top, bottom } = block();
    rows.splice(top, bottom - top + 1);
    at = anchor = { row: Math.min(top, rows.length - 1), column: at.column };
  }),
  up: () => move(at.row, at.row - 1),
  down: () => move(at.row, at.row + 1),
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
  field.setAttribute("aria-label", `Row ${at.row + 1}, ${heads[at.column]}`);
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
  at = { row: clamp(at.row + down, rows.length - 1), column: clamp(at.column + right, width - 1) };
  if (!extend) anchor = at;
  select();
}

function tab(back) {
  const place = at.row * width + at.column + (back ? -1 : 1);
  if (place < 0 || place >= rows.length * width) return false;
  at = anchor = { row: Math.floor(place / width), column: place % width };
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
    at = { row: rows.length - 1, column: width - 1 };
    select();
  } else if (event.altKey && event.key === "ArrowUp") acts.up();
  else if (event.altKey && event.key === "ArrowDown") acts.down();
  else if (command && arrows[event.key]) go(...arrows[event.key].map((by) => by * 100_000), event.shiftKey);
  else if (arrows[event.key]) go(...arrows[event.key], event.shiftKey);
  else if (event.key === "Home") go(0, -width, event.shiftKey);
  else if (event.key === "End") go(0, width, event.shiftKey);
  else if (event.key === "Tab") {
    if (!tab(event.shiftKey)) return;
  } else if (event.key === "Enter" || event.key === "F2") write();
  else if (event.key === "Delete" || event.key === "Backspace") clear();
  else if (event.key.length === 1 && !command && !event.altKey) write(event.key);
  else return;
  event.preventDefault();
}

// ---- to and from a spreadsheet --------------------------------------------------------------------------------------

const quoted = (value) => (/["\t\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

// Excel quotes only what holds a tab, a line's end or a quote at its beginning; a FEEL text such as "EUR" stands bare.
function unquoted(part) {
  const inner = /^"([\s\S]*)"$/.exec(part)?.[1];
  return inner !== undefined && (/""/.test(inner) || /[\t\n]/.test(inner)) ? inner.replaceAll('""', '"') : part;
}

function parts(pasted) {
  const lines = [[""]];
  let within = false;
  for (const sign of pasted.replaceAll("\r\n", "\n").replace(/\n$/, "")) {
    const line = lines.at(-1);
    if (sign === '"') within = !within;
    if (sign === "\t" && !within) line.push("");
    else if (sign === "\n" && !within) lines.push([""]);
    else line[line.length - 1] += sign;
  }
  return lines.map((line) => line.map(unquoted));
}

function copied(event) {
  if (editing) return;
  const { top, bottom, left, right } = block();
  const lines = [];
  for (let row = top; row <= bottom; row += 1) {
    const cells = [];
    for (let column = left; column <= right; column += 1) cells.push(quoted(text({ row, column })));
    lines.push(cells.join("\t"));
  }
  event.clipboardData.setData("text/plain", lines.join("\n"));
  event.preventDefault();
  if (event.type === "cut") clear();
}

function pasted(event) {
  if (editing) return;
  const block = parts(event.clipboardData.getData("text/plain"));
  event.preventDefault();
  change(() => {
    block.forEach((cells, down) => {
      while (rows.length <= at.row + down) rows.push(blank());
      cells.forEach((value, right) => {
        if (at.column + right < width) put(at.row + down, at.column + right, value);
      });
    });
  });
  say(`${block.length} ${block.length === 1 ? "row" : "rows"} pasted.`);
}

// ---- the server -----------------------------------------------------------------------------------------------------

async function send(address) {
  const sent = new FormData(form);
  sent.set("rows", JSON.stringify(rows));
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
      const facts = await send(form.action.replace(/rows$/, "check"));
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

const sentence = (message) => `${message[0].toUpperCase()}${message.slice(1)}.`.replaceAll(/`([^`]*)`/g, "“$1”");

function show({ findings, cells, others }) {
  const found = document.getElementById("found");
  found.replaceChildren(
    ...findings.map(({ title, weight, messages, more }) => {
      const list = element("ul", {}, ...messages.map((each) => element("li", { textContent: sentence(each) })));
      if (more) list.append(element("li", { textContent: `${more} more of this kind`, className: "dim" }));
      const summary = element("summary", {}, element("strong", { textContent: title }), " ", element("span", { className: "count", textContent: messages.length + more }));
      return element("li", { className: weight }, element("details", { open: weight !== "information" }, summary, list));
    }),
  );
  const errors = cells.filter((fault) => fault[3]).length + others.length;
  const gravest = findings.filter(({ weight }) => weight === "error").length;
  const about = others.length ? `: ${others[0]}` : "";
  if (errors) say(`${errors} ${errors === 1 ? "cell is" : "cells are"} not right yet${about}.`, true);
  else say(kept + (gravest ? "The cells are right; see the findings below." : "The cells are right, and the analysis finds no error."));
}

async function save(event) {
  event.preventDefault();
  finish(true);
  try {
    const { version, rows: ids, files } = await send(form.action);
    rows.forEach((row, place) => Object.assign(row, { id: ids[place], before: ids[place] }));
    form.elements.version.value = version;
    for (const field of document.querySelectorAll("input[name=version]")) field.value = version;
    document.getElementById("draft-version").textContent = version;
    const names = files.map((path) => path.split("/").at(-1)).join(", ");
    document.getElementById("draft-changes").textContent = names ? `Changes ${names}.` : "Nothing changed yet.";
    saved = JSON.stringify(rows);
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
  return line && cell.cellIndex < width ? { row: Number(line.dataset.row), column: cell.cellIndex } : null;
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
addEventListener("beforeunload", (event) => {
  if (isDirty()) event.preventDefault();
});
draw();
look();
