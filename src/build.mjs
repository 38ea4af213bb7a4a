// Compiles server and page into dist/. `--if-newer`: only when a source is newer than what was compiled (npm start calls it so).
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = join(root, "dist", ".built");
const sources = ["src", "package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"].map((name) => join(root, name));

const newestOf = (path) => {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestOf(join(path, name))));
};

const begun = new Date();
const upToDate = existsSync(stamp) && statSync(stamp).mtimeMs >= Math.max(...sources.map(newestOf));
if (!(process.argv.includes("--if-newer") && upToDate)) {
  const run = (script, ...args) =>
    execFileSync(process.execPath, [join(root, "node_modules", script), ...args], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (!existsSync(join(root, "node_modules", "typescript"))) {
    if (existsSync(stamp)) process.exit(0);
    process.stderr.write("Latchkey isn't compiled, and its tools aren't installed. Run: npm ci\n");
    process.exit(1);
  }
  rmSync(join(root, "dist"), { recursive: true, force: true });
  mkdirSync(join(root, "dist"), { recursive: true });
  run("typescript/bin/tsc", "-p", "tsconfig.build.json");
  run("vite/bin/vite.js", "build", "--config", "src/playground/page/vite.config.ts", "--logLevel", "warn");
  writeFileSync(stamp, "");
  utimesSync(stamp, begun, begun);
}
