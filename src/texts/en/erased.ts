/** What stands where something about a person was erased. */
export const erased = {
  person: (id: string): string => `Former employee ${id}`,
  text: "(erased)",
};
