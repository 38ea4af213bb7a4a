/** Serves the compiled page: a handful of files, read once. */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Handle, plain } from "../http.ts";

/** Both src/playground and dist/playground lie two floors below the package. */
const BUILT = fileURLToPath(new URL("../../dist/page", import.meta.url));

const KINDS: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".map": "application/json",
};

export function pageFiles(folder = BUILT): Handle {
  const files = new Map<string, Buffer>();
  try {
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
      if (extname(name) in KINDS) files.set(name.replaceAll("\\", "/"), readFileSync(join(folder, name)));
  } catch {
    // Not compiled: the answer below says what to do.
  }
  return (request, response) => {
    const path = new URL(request.url ?? "/", "http://local").pathname.replace(/^\/playground\//, "");
    const name = path === "" ? "index.html" : decodeURIComponent(path);
    const file = files.get(name);
    if (!file) return plain(response, 404, files.size === 0 ? "The page isn't compiled. Run: npm run build" : "Nothing is here.");
    response.writeHead(200, {
      "content-type": KINDS[extname(name)] ?? "application/octet-stream",
      "cache-control": name === "index.html" ? "no-store" : "public, max-age=31536000, immutable",
      "content-security-policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
      "referrer-policy": "no-referrer",
    });
    response.end(file);
  };
}
