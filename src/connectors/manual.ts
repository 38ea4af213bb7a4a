/** The connector whose hands are a person's: every order becomes a fulfilment task. */
import type { Connector } from "../ports.ts";

export const manual: Connector = {
  carryOut: async () => ({ type: "by-hand" }),
};
