// Blocks of cells as a spreadsheet copies and pastes them: lines of tabs.

const quoted = (value) => (/["\t\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

export const written = (lines) => lines.map((cells) => cells.map(quoted).join("\t")).join("\n");

const QUOTED = /"((?:[^"]|"")*)"(?=[\t\n]|$)/y;
const BARE = /[^\t\n]*/y;

const found = (pattern, text, at) => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

// A cell that holds a tab or a line's end stands in quotes, and its own are doubled; a FEEL text such as "EUR" stands
// bare, and so does a cell with a quote somewhere in it.
function cellFrom(text, at) {
  const whole = found(QUOTED, text, at);
  if (whole && /""|[\t\n]/.test(whole[1])) return [whole[1].replaceAll('""', '"'), whole[0].length];
  const [bare] = found(BARE, text, at);
  return [bare, bare.length];
}

export function read(pasted) {
  const text = pasted.replaceAll("\r\n", "\n").replace(/\n$/, "");
  const lines = [[]];
  for (let at = 0; ; at += 1) {
    const [cell, length] = cellFrom(text, at);
    lines.at(-1).push(cell);
    at += length;
    if (at >= text.length) return lines;
    if (text[at] === "\n") lines.push([]);
  }
}

const GROUPED = /^(\s*(?:[<>]=?)?\s*-?\d{1,3})(?:([,.'\u2019 \u00a0\u202f])(\d{3}(?:\2\d{3})*))(?:([.,])(\d+))?\s*$/;

// A number as a spreadsheet shows it, without what groups its digits; null where that can be read in two ways. `1,000` is
// a thousand to one reader and one to another; where several values may stand in a cell, `100,200` may be two of them.
export function ungrouped(text, ofSeveral) {
  const [, first, sign, groups, point, decimals] = GROUPED.exec(text) ?? [];
  if (first === undefined || point === sign) return text;
  const isOpen = point === undefined && groups.length === 3;
  if (isOpen && sign === ".") return text; // as FEEL has it
  const isList = ofSeveral && sign === "," && groups.split(sign).every((group) => !group.startsWith("0"));
  if (sign === "," && (isOpen || isList)) return null;
  return first + groups.replaceAll(sign, "") + (point === undefined ? "" : `.${decimals}`);
}
