/** LATCHKEY_SEED makes every property draw the same cases again; left out, each run draws its own and prints its seed when it fails. */
import fc from "fast-check";

const { LATCHKEY_SEED } = process.env;
if (LATCHKEY_SEED) fc.configureGlobal({ seed: Number(LATCHKEY_SEED) });
