/** What a channel says by itself: help, and when something went wrong. */

export const help = {
  title: "How to use Latchkey",
  commandsTitle: "Write one of these anywhere",
  commands: [
    "/request-access [words]   ask for access",
    "/access tasks             what waits for you",
    "/access requests          what you have asked for",
    "/access mine              what you have",
    "/access status N          where request N stands",
    "/access help              this page",
  ],
  typedTitle: "Or write me here, or after /access. N is the number on the card",
  typed: [
    "approve N [comment]",
    "reject N reason",
    "claim N",
    "confirm N [login]",
    "error N reason",
    "release N [reason]",
    "retry N",
    "cancel-order N reason",
    "withdraw N [reason]",
    "nudge N",
    "status N",
  ],
  administratorsTitle: "For administrators",
  administrators: ["late", "reassign N @person [@person] reason", "release N reason", "cancel N reason"],
  next: "Your home page shows all of it with buttons.",
};

export const channel = {
  wentWrong: "Something went wrong on our side. Please try again in a minute.",
  formGone: "This form is no longer open. Please open it again.",
};
