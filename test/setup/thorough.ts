/** How many rounds a test takes: few by default, so that `npm test` is quick; many with LATCHKEY_THOROUGH=1, as in CI. */
export function rounds(few: number, many: number): number {
  return process.env.LATCHKEY_THOROUGH ? many : few;
}
