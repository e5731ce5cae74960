// Copies what the browser loads from node_modules to static/vendor; nothing is bundled or rewritten.
import { copyFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

mkdirSync(here("static/vendor"), { recursive: true });
copyFileSync(here("node_modules/htmx.org/dist/htmx.min.js"), here("static/vendor/htmx.min.js"));
