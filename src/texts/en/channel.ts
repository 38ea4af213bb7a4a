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
    "approve N [comment]       say yes",
    "reject N reason           say no",
    "claim N                   take the work",
    "confirm N [login]         it is set up",
    "error N reason            it can't be set up",
    "release N [reason]        let go of your claim",
    "retry N                   have it tried again",
    "cancel-order N reason     give up on it",
    "withdraw N [reason]       end your request",
    "nudge N                   remind whoever has it",
    "status N                  where it stands",
  ],
  administratorsTitle: "For administrators",
  administrators: [
    "late                             what is overdue",
    "reassign N @person [...] reason  pass it on to others",
    "release N reason                 take a claim away",
    "cancel N reason                  end a request",
  ],
  next: "Your home page shows all of it with buttons.",
};

export const channel = {
  wentWrong: "Something went wrong on our side. Please try again in a minute.",
  /** The database can't be reached, or takes nothing. Whether a click counted isn't known then, and pressed again it counts once. */
  recordsAway: "I can't get at my records right now. Please try again in a moment. It counts only once.",
  formGone: "This form is no longer open. Please open it again.",
};
