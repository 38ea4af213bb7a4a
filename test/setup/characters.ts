/**
 * Any character of Unicode, for strings that are drawn. fast-check's own unit "binary" means the same, but takes a second of work in each process before
 * the first draw.
 */
import fc from "fast-check";

/** One code point, whole: half of a pair is none. Letters and signs that are common come as often as those of the whole rest. */
export const anyCharacter: fc.Arbitrary<string> = fc
  .oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0x80, max: 0x2fff }),
    fc.integer({ min: 0x3000, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0xffff }),
    fc.integer({ min: 0x10000, max: 0x10ffff }),
  )
  .map((point) => String.fromCodePoint(point));
