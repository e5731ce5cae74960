// What a grid of rules and its findings are drawn of.

export const sentence = (message) => `${message[0].toUpperCase()}${message.slice(1)}.`.replaceAll(/`([^`]*)`/g, "“$1”");

export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// A cell is broken behind commas and never within a day.
function* breaking(value) {
  for (const part of value.split(/(date\("[^"]*"\))/)) {
    if (part.startsWith("date(")) yield element("span", { className: "whole", textContent: part });
    else yield* part.split(",").flatMap((text, place) => (place ? [",", element("wbr"), text] : [text]));
  }
}

export function cellOf(value, kind, wrong) {
  const cell = element("td", { className: `${kind}${value === "-" ? " any" : ""}${value.length > 48 ? " broad-cell" : ""}` });
  cell.append(kind === "annotation" ? value : element("code", {}, ...breaking(value)));
  if (wrong) {
    cell.classList.add(wrong[3] ? "wrong" : "doubtful");
    cell.setAttribute("aria-invalid", "true");
    cell.title = wrong[2];
  }
  return cell;
}

export function ruleOf(number, id, mark) {
  const line = element("span", { className: "line" }, String(number));
  if (mark) line.append(element("span", { className: `weight ${mark[1]}`, title: mark[2], textContent: ` ${mark[1] === "information" ? "note" : mark[1]}` }));
  const head = element("th", { className: "rule", scope: "row", draggable: true, title: "Drag to move the row" }, line);
  head.append(element("code", { textContent: id || "new" }));
  return head;
}

export function ghostOf([weight, cells], width, add) {
  const line = element("tr", { className: `ghost ${weight}` });
  line.append(element("th", { className: "rule", scope: "row" }, element("span", { className: "line", textContent: "missing" })));
  for (const value of cells) line.append(element("td", { className: "input" }, element("code", { textContent: value })));
  const button = element("button", { type: "button", className: "plain", textContent: "Add this row" });
  button.addEventListener("click", add);
  line.append(element("td", { colSpan: width - cells.length }, button));
  return line;
}

export function findingOf({ title, weight, messages, more }) {
  const list = element("ul", {}, ...messages.map((each) => element("li", { textContent: sentence(each) })));
  if (more) list.append(element("li", { textContent: `${more} more of this kind`, className: "dim" }));
  const count = element("span", { className: "count", textContent: messages.length + more });
  const summary = element("summary", {}, element("strong", { textContent: title }), " ", count);
  return element("li", { className: weight }, element("details", { open: weight !== "information" }, summary, list));
}
