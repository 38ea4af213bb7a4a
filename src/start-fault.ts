/** Why Latchkey doesn't start, in words that say what to do. */
import { type Fault, printFault } from "./configuration/fault.ts";

export class StartFault extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = "StartFault";
  }

  static ofFolder(folder: string, faults: readonly Fault[]): StartFault {
    const count = faults.length === 1 ? "one mistake" : `${faults.length} mistakes`;
    return new StartFault(`The configuration in ${folder} has ${count}, so nothing was changed:\n${faults.map(printFault).join("\n")}`);
  }
}
