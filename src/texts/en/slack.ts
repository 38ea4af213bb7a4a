/** What only Slack needs to have said: at its limits, and when it or we are slow. */

export const slack = {
  /** After a text that had no room. */
  more: (characters: number): string => `(${characters} more characters)`,
  leftOut: (parts: number): string => (parts === 1 ? "1 more part had no room here." : `${parts} more parts had no room here.`),
  /** The button of a form in which something has to be chosen first. */
  go: "Next",
  /** To the page of a long form that comes before. */
  back: "Back",
  close: "Close",
  /** Where something long is shown in full. */
  page: (page: number, pages: number): string => `Page ${page} of ${pages}`,
  lookAgain: "Not sent yet: something on this page needs another look.",
  faultAt: (label: string, fault: string): string => `${label}: ${fault}`,
  /** What was on the other pages is not kept for longer than a day. */
  pagesGone:
    "This form was left for more than a day, so what stood on its other pages is gone. What stood on the page that you just left is kept. Please fill in the others again.",
  notice: "Please note",
  /** The answer takes longer than Slack waits. */
  stillWorking: "Still working on it. You'll hear from me here in a moment.",
  stillWorkingForm: "Still working on it. Nothing is lost: please send it again in a moment.",
  /** More came from one person at once than is done at once. */
  tooMuch: "That was a lot at once, so this was not done. Wait a moment, then try again.",
  tooMuchForm: "That was a lot at once, so this was not sent. Nothing is lost: wait a moment, then send it again.",
  notOpened: "Slack could not open the form in time. Please try again.",
  unreadable: "This button could not be read. Open your home page and use the button there.",
};
