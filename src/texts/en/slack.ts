/** What only Slack needs to have said: at its limits, and when it or we are slow. */

export const slack = {
  /** After a text that had no room. */
  more: (characters: number): string => `(${characters} more characters)`,
  leftOut: (parts: number): string => (parts === 1 ? "1 more part had no room here." : `${parts} more parts had no room here.`),
  /** The button of a form in which something has to be chosen first. */
  go: "Next",
  close: "Close",
  notice: "Please note",
  /** The answer takes longer than Slack waits. */
  stillWorking: "Still working on it. You'll hear from me here in a moment.",
  stillWorkingForm: "Still working on it. Nothing is lost: please send it again in a moment.",
  notOpened: "Slack could not open the form in time. Please try again.",
  unreadable: "This button could not be read. Open your home page and use the button there.",
};
