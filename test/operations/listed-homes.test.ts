import { describe, expect, test } from "vitest";
import { listedHomes } from "../../src/operations/listed-homes.ts";

describe("the list of workspaces that stands before every envelope", () => {
  const scene = () => {
    const it = { clock: 0, reads: 0, read: async (): Promise<readonly string[]> => ["T1"] };
    const homes = listedHomes(
      () => {
        it.reads += 1;
        return it.read();
      },
      () => it.clock,
    );
    return { it, homes };
  };

  test("is read once a second at most, and anew after that", async () => {
    const { it, homes } = scene();
    expect(await homes()).toEqual(["T1"]);
    it.read = async () => ["T2"];
    it.clock = 999;
    expect(await homes()).toEqual(["T1"]);
    expect(it.reads).toBe(1);
    it.clock = 1_000;
    expect(await homes()).toEqual(["T2"]);
  });

  test("is the last one while the database is away or doesn't answer, and the new one afterwards", async () => {
    const { it, homes } = scene();
    await homes();
    it.clock = 5_000;
    it.read = () => Promise.reject(new Error("away"));
    expect(await homes()).toEqual(["T1"]);
    it.read = () => new Promise(() => {});
    expect(await homes()).toEqual(["T1"]);
    it.read = async () => ["T2"];
    expect(await homes()).toEqual(["T2"]);
  });

  test("isn't made up where none was ever read", async () => {
    const { it, homes } = scene();
    it.read = () => Promise.reject(new Error("away"));
    await expect(homes()).rejects.toThrow("away");
  });
});
