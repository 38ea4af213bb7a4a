/** What a channel says by itself: help, waiting, and when something was not understood. */

export const help = {
  title: "How to use Latchkey",
  commandsTitle: "Commands",
  commands: [
    "/request-access [words]   ask for access",
    "/access tasks             what waits for you",
    "/access requests          what you have asked for",
    "/access mine              what you have",
    "/access help              this page",
  ],
  messagesTitle: "Or write to me; N is the request's number",
  messages: ["approve N [comment]", "reject N reason", "claim N", "release N", "confirm N [login]", "error N reason", "status N"],
  next: "Your home page shows all of it with buttons.",
};

export const channel = {
  loading: "One moment...",
  wentWrong: "Something went wrong on our side, and nothing was changed. Please try again in a minute.",
  notUnderstood: "I did not understand that. Write help to see what I can do.",
  noSuchRequest: (number: number): string => `There is no open task for request ${number}. Your home page shows what waits for you.`,
  reasonNeeded: (example: string): string => `Please add a reason, such as: ${example}`,
  formGone: "This form is no longer open. Please open it again.",
};
