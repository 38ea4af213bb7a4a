/** The figures for people, and for machines. */
import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import Table from "cli-table3";
import { type Figure, isMet, ratioOf, type Target } from "./figure.ts";

export interface Report {
  readonly at: string;
  readonly commit: string;
  readonly node: string;
  readonly postgres: string | null;
  readonly machine: string;
  readonly quick: boolean;
  readonly figures: readonly (Figure & { readonly ratio: number | null; readonly met: boolean | null })[];
}

export function reportOf(figures: readonly Figure[], postgres: string | null, quick: boolean): Report {
  const [cpu] = cpus();
  return {
    at: new Date().toISOString(),
    commit: commit(),
    node: process.version,
    postgres,
    machine: `${cpus().length} x ${cpu?.model.trim() ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    quick,
    figures: figures.map((figure) => ({ ...figure, ratio: ratioOf(figure), met: isMet(figure) })),
  };
}

export function printed(report: Report): string {
  const table = new Table({
    head: ["", "figure", "limit", "ratio", "target", "", "n", "p50", "p99", "max"],
    colAligns: ["left", "right", "right", "right", "right", "left", "right", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const figure of report.figures) {
    const { spread } = figure;
    table.push([
      `${figure.bench}: ${figure.what}`,
      `${number(figure.value)} ${figure.unit}`,
      figure.limit === null ? "" : `${number(figure.limit.value)} (${figure.limit.what})`,
      figure.ratio === null ? "" : `${figure.ratio.toFixed(2)}x`,
      figure.target === null ? "" : targetWords(figure.target, figure.unit),
      figure.met === null ? "" : figure.met ? "met" : "MISSED",
      spread === null ? "" : String(spread.n),
      ...(spread === null ? ["", "", ""] : [spread.p50, spread.p99, spread.max].map(number)),
    ]);
  }
  const ground = [`commit ${report.commit}`, `Node ${report.node}`, report.postgres, report.machine, report.at].filter(Boolean).join("; ");
  return `${table.toString()}\n${ground}${report.quick ? "\n--quick: too short for figures" : ""}\n`;
}

function targetWords(target: Target, unit: Figure["unit"]): string {
  switch (target.type) {
    case "at-least-of-limit":
      return `>= ${target.factor}x`;
    case "at-most-of-limit":
      return `<= ${target.factor}x`;
    case "at-most":
      return `<= ${target.value} ${unit}`;
  }
}

function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

function commit(): string {
  const git = (...words: string[]): string => execFileSync("git", words, { encoding: "utf8", cwd: import.meta.dirname }).trim();
  try {
    return `${git("rev-parse", "--short", "HEAD")}${git("status", "--porcelain", "src", "migrations", "bench") === "" ? "" : " with changes"}`;
  } catch {
    return "unknown";
  }
}
