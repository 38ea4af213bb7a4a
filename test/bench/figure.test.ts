import { describe, expect, it } from "vitest";
import { type Figure, isMet, ratioOf, spreadOf } from "../../bench/figure.ts";

const figure = (more: Partial<Figure>): Figure => ({
  bench: "b",
  what: "w",
  unit: "per s",
  value: 40,
  limit: { what: "l", value: 100 },
  target: null,
  spread: null,
  ...more,
});

describe("figures of the bench", () => {
  it("percentiles are samples that were measured, the nearest rank", () => {
    expect(spreadOf([5, 1, 3, 2, 4])).toEqual({ n: 5, p50: 3, p99: 5, max: 5 });
    const hundred = Array.from({ length: 200 }, (_, n) => n + 1);
    expect(spreadOf(hundred)).toEqual({ n: 200, p50: 100, p99: 198, max: 200 });
    expect(spreadOf([7])).toEqual({ n: 1, p50: 7, p99: 7, max: 7 });
  });

  it("nothing measured is no figure", () => {
    expect(() => spreadOf([])).toThrow("nothing was measured");
  });

  it("a part of the limit is met from exactly that part on", () => {
    const target = { type: "at-least-of-limit", factor: 0.4 } as const;
    expect(isMet(figure({ target }))).toBe(true);
    expect(isMet(figure({ target, value: 39.9 }))).toBe(false);
    expect(isMet(figure({ target, limit: null }))).toBe(false);
    expect(ratioOf(figure({}))).toBe(0.4);
  });

  it("a bound is met up to it, of the limit or alone; without a target nothing is judged", () => {
    expect(isMet(figure({ target: { type: "at-most", value: 40 } }))).toBe(true);
    expect(isMet(figure({ target: { type: "at-most", value: 39 } }))).toBe(false);
    expect(isMet(figure({ target: { type: "at-most-of-limit", factor: 0.4 } }))).toBe(true);
    expect(isMet(figure({ target: { type: "at-most-of-limit", factor: 0.3 } }))).toBe(false);
    expect(isMet(figure({}))).toBeNull();
  });
});
