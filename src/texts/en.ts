/**
 * Everything that people read, in English. Short, warm, plain (B1), no codes, and always what to do next.
 * Entries are strings, or functions of what is filled in; the parts stand in the folder `en` beside this file.
 */
import { alerts, causes, undelivered } from "./en/alerts.ts";
import { answers, fieldFaults, notices, refusals, strangers } from "./en/answers.ts";
import { approvals, buttons, closings, labels, orders, requests, reviews, titles, whole } from "./en/cards.ts";
import { channel, help } from "./en/channel.ts";
import { digest } from "./en/digest.ts";
import { erased } from "./en/erased.ts";
import { ahead, askForm, forms } from "./en/forms.ts";
import { home } from "./en/home.ts";
import { remarks } from "./en/remarks.ts";
import { slack } from "./en/slack.ts";
import { accountType, accountWith, approval, because, clocks, outcomes, provisioning, rights, risk, status, time } from "./en/states.ts";
import { steering, typed, typedCommands } from "./en/steering.ts";
import type { Said } from "./say.ts";
import { listed } from "./say.ts";

export const en = {
  buttons,
  labels,
  titles,
  status,
  approval,
  provisioning,
  outcomes,
  risk,
  accountType,
  rights,
  accountWith,
  because,
  clocks,
  time,
  approvals,
  closings,
  orders,
  reviews,
  requests,
  whole,
  home,
  digest,
  forms,
  askForm,
  ahead,
  answers,
  refusals,
  fieldFaults,
  strangers,
  notices,
  remarks,
  alerts,
  undelivered,
  causes,
  help,
  channel,
  slack,
  steering,
  typed,
  typedCommands,
  erased,
  somebody: "somebody",
  others: (count: number): string => `${count} others`,
  and: <P>(items: readonly P[]): Said<P> => listed(items, "and"),
  or: <P>(items: readonly P[]): Said<P> => listed(items, "or"),
};
