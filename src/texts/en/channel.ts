/** What a channel says by itself: help, and when something went wrong. */

export const help = {
  title: "How to use Latchkey",
  commandsTitle: "Write one of these anywhere",
  commands: [
    "/request-access [words]   ask for access",
    "/access tasks             what waits for you",
    "/access requests          what you have asked for",
    "/access mine              what you have",
    "/access help              this page",
  ],
  next: "Your home page shows all of it with buttons.",
};

export const channel = {
  wentWrong: "Something went wrong on our side. Please try again in a minute.",
  formGone: "This form is no longer open. Please open it again.",
};
