// Copies what the browser loads from node_modules to static/vendor; nothing is bundled or rewritten. The licence of the
// BPMN viewer asks that its mark stays visible in every diagram: it draws it itself.
import { copyFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

mkdirSync(here("static/vendor"), { recursive: true });
for (const [from, to] of [
  ["htmx.org/dist/htmx.min.js", "htmx.min.js"],
  ["bpmn-js/dist/bpmn-navigated-viewer.production.min.js", "bpmn-viewer.js"],
  ["bpmn-js/dist/assets/diagram-js.css", "diagram.css"],
  ["bpmn-js/dist/assets/bpmn-js.css", "bpmn.css"],
  ["bpmn-js/LICENSE", "bpmn-viewer-licence.txt"],
]) {
  copyFileSync(here(`node_modules/${from}`), here(`static/vendor/${to}`));
}
