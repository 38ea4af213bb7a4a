/**
 * Makes dist/ of the server and the playground's page. `--if-newer`: only when a source is newer than what was made (npm start calls it so).
 *
 * The server is bundled with the packages it needs: a thousand small files take Node a second to find and read, and much memory; a few large ones don't.
 * What is imported with `import()` comes to stand in files of its own, read when it is needed. Whether the types are right, `npm run types` says.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const stamp = join(dist, ".built");
// The driver too: patch-package may have patched it since.
const sources = ["src", "package.json", "package-lock.json", "tsconfig.json", "node_modules/postgres/src"].map((name) => join(root, name));

const newestOf = (path) => {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestOf(join(path, name))));
};

async function bundle() {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { main: "src/main.ts", latchkey: "src/cli/latchkey.ts" },
    outdir: "dist",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    // Not keepNames: it names every function anew each time that it is made. Errors of ours carry their names.
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "none", // whole licences stand in LICENSES.txt
    // Packages in the older format ask for Node's own modules with `require`.
    banner: { js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);' },
    plugins: [ownPlaces, leftOut],
    metafile: true,
    logLevel: "warning",
  });
  mkdirSync(join(dist, "cli"));
  writeFileSync(join(dist, "cli", "latchkey.js"), '#!/usr/bin/env node\nimport "../latchkey.js";\n', { mode: 0o755 });
  writeFileSync(join(dist, ".code"), codeDigest(Object.keys(metafile.outputs)));
  writeFileSync(join(dist, "LICENSES.txt"), licencesOf(Object.keys(metafile.inputs)));
}

/** A source that looks for something beside itself finds it from dist too: whatever it is bundled into, it believes to lie where it lay in src. */
const ownPlaces = {
  name: "own places",
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
      if (path.includes(`${sep}node_modules${sep}`)) return undefined;
      const text = readFileSync(path, "utf8");
      if (!text.includes("import.meta.url")) return undefined;
      const place = `./${relative(join(root, "src"), path).split(sep).join("/")}`;
      return { loader: "ts", contents: text.replaceAll("import.meta.url", `new URL(${JSON.stringify(place)}, import.meta.url).href`) };
    });
  },
};

/** Parts of Bolt that Latchkey has no use for, with Express and what else they need: a third of all code. Whoever calls one after all is told. */
const LEFT_OUT = /^(\.\/receivers\/(AwsLambda|Express|SocketMode)Receiver|\.\/(AwsLambda|Express|SocketMode)Receiver|@slack\/oauth)$/;
const leftOut = {
  name: "left out",
  setup(build) {
    build.onResolve({ filter: LEFT_OUT }, ({ path, importer }) =>
      /[\\/]node_modules[\\/]@slack[\\/]bolt[\\/]/.test(importer) ? { path, namespace: "left-out" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "left-out" }, ({ path }) => ({
      contents: `exports.__esModule = true; exports.default = class { constructor() { throw new Error(${JSON.stringify(`${path} is left out of what src/build.mjs bundles`)}); } };`,
    }));
  },
};

/** Tells this code from any other: what was read out of a folder by one needn't be what the next one reads. */
function codeDigest(outputs) {
  const hash = createHash("sha256");
  for (const file of outputs.filter((output) => output.endsWith(".js")).sort()) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

/** The licences of the packages that were bundled, each with its name and version. */
function licencesOf(inputs) {
  const folders = new Set(inputs.flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
    const text = files.map((file) => readFileSync(join(root, folder, file), "utf8").trim()).join("\n\n");
    return `${name} ${version} (${license ?? "see below"})\n\n${text || "The package comes without the text of its licence."}\n`;
  });
  return `Latchkey is bundled with these packages.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

const begun = new Date();
const upToDate = existsSync(stamp) && statSync(stamp).mtimeMs >= Math.max(...sources.map(newestOf));
if (!(process.argv.includes("--if-newer") && upToDate)) {
  if (!["esbuild", "vite"].every((tool) => existsSync(join(root, "node_modules", tool)))) {
    if (existsSync(stamp)) process.exit(0);
    process.stderr.write("Latchkey isn't built, and its tools aren't installed. Run: npm ci\n");
    process.exit(1);
  }
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  await bundle();
  const vite = [
    join(root, "node_modules/vite/bin/vite.js"),
    "build",
    "--config",
    "src/playground/page/vite.config.ts",
    "--logLevel",
    "warn",
  ];
  execFileSync(process.execPath, vite, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  writeFileSync(stamp, "");
  utimesSync(stamp, begun, begun);
}
