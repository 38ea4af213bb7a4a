/** Lines in every state that occurs, made by folding real events; and the people who act in them. */
import type { Application, Entitlement, Policy } from "../../src/domain/catalogue.ts";
import type { LineEvent } from "../../src/domain/events.ts";
import { evolve } from "../../src/domain/events.ts";
import type { Assignee, Line, Order, Task } from "../../src/domain/line.ts";
import { NO_CLOCK } from "../../src/domain/line.ts";
import type { AskView, Directory, RequestView, Sibling, TaskView } from "../../src/domain/views.ts";

export const directory: Directory = {
  people: {
    ana: { name: "Ana Ruiz", title: "Account executive", department: "Sales", email: "ana@acme.example" },
    paul: { name: "Paul Weber", title: "Head of sales", department: "Sales", email: "paul@acme.example" },
    ines: { name: "Ines Roth", title: "Sales operations", department: "Sales", email: "ines@acme.example" },
    omar: { name: "Omar Said", title: "Revenue lead", department: "Sales", email: "omar@acme.example" },
    lena: { name: "Lena Vogel", title: "Administrator", department: "IT", email: "lena@acme.example" },
    tom: { name: "Tom Keller", title: "IT lead", department: "IT", email: "tom@acme.example" },
    siti: { name: "Siti Rahman", title: "Payroll", department: "Finance", email: "siti@acme.example" },
  },
  groups: { "crm-approvers": "CRM approvers", "salesforce-admins": "Salesforce administrators" },
};

export const reportBuilder: Entitlement = {
  id: "report-builder",
  name: "Report builder",
  description: "Create reports and dashboards",
  policy: null,
  risk: "low",
  accountType: null,
  maxDuration: null,
  instructions: null,
};

export const systemAdministrator: Entitlement = {
  id: "admin",
  name: "System administrator",
  description: "Everything: users, settings, all data",
  policy: null,
  risk: "high",
  accountType: "privileged",
  maxDuration: { kind: "elapsed", seconds: 30 * 86_400 },
  instructions: null,
};

export const salesforce: Application = {
  id: "salesforce",
  name: "Salesforce",
  description: "Customer relationship management",
  keywords: ["crm"],
  kind: "disconnected",
  businessOwner: "paul",
  technicalOwner: "tom",
  fulfillers: { kind: "group", group: "salesforce-admins" },
  policy: "standard",
  requestableBy: null,
  risk: "medium",
  maxDuration: null,
  serviceLevel: { fulfilWithin: null, visible: "at_approval", leadTime: null, remind: null, escalate: null },
  form: [
    { id: "region", label: "Sales region", type: "choice", options: ["EMEA", "AMER"], required: true, hint: null, maxLength: null },
    { id: "territory", label: "Territory", type: "text", options: [], required: false, hint: "For example DACH", maxLength: 60 },
  ],
  account: { login: "{{ person.email }}", type: "standard", attributes: [{ name: "Profile", value: "Standard User" }] },
  instructions: { create: "1. Open Setup > Users.\n2. Press New User.", update: "1. Open the user > Permission Set Assignments." },
  entitlements: [reportBuilder, systemAdministrator],
  notify: null,
  slackChannel: null,
};

export function policy(...steps: Policy["steps"]): Policy {
  return { id: "standard", steps, remind: null, escalate: null, expireAfter: null };
}

export const managerStep: Policy["steps"][number] = { approvers: { kind: "manager" }, needed: 1, once: false };
export const groupStep = (needed: number): Policy["steps"][number] => ({
  approvers: { kind: "group", group: "crm-approvers" },
  needed,
  once: false,
});

/** The n-th hour of the story, in UTC. */
export function hour(n: number): Date {
  return new Date(Date.UTC(2026, 10, 21, 8 + n));
}

export const manager: Assignee = { kind: "person", person: "paul", because: "manager" };
export const approvers: Assignee & { readonly kind: "group" } = {
  kind: "group",
  group: "crm-approvers",
  members: ["ines", "omar"],
  because: "group",
};
export const fulfillers: Assignee = { kind: "group", group: "salesforce-admins", members: ["lena", "tom"], because: "fulfiller" };

export function aTask(more: Partial<Task> = {}): Task {
  return {
    id: "approval",
    kind: "approval",
    state: "open",
    step: 0,
    needed: 1,
    assignees: [manager],
    votes: [],
    claimedBy: null,
    claimedAt: null,
    face: 1,
    openedAt: hour(0),
    clock: NO_CLOCK,
    outcome: null,
    decidedBy: null,
    decidedAt: null,
    reason: null,
    ...more,
  };
}

/** A line that waits for its first approval; `more` changes what was filed, `task` what it waits for. */
export function aLine(more: Partial<Line> = {}, task: Partial<Task> = {}): Line {
  const draft: Line = {
    id: "line",
    number: 12,
    requestId: "request",
    requester: "ana",
    beneficiary: "ana",
    application: salesforce,
    entitlement: reportBuilder,
    policy: policy(managerStep),
    justification: "Quarterly forecast",
    values: { region: "EMEA" },
    until: { kind: "days", days: 30 },
    approval: "draft",
    step: 0,
    submittedAt: hour(0),
    decidedAt: null,
    closing: null,
    version: 1,
    tasks: [],
    order: null,
    ...more,
  };
  return happens(draft, 0, { type: "submitted" }, { type: "task-opened", task: aTask(task) });
}

export function happens(line: Line, atHour: number, ...events: readonly LineEvent[]): Line {
  return events.reduce((now, event) => evolve(now, event, hour(atHour)), line);
}

export function anOrder(more: Partial<Order> = {}): Order {
  return {
    id: "order",
    operation: "create",
    state: "pending",
    accountId: null,
    login: "ana@acme.example",
    attributes: [
      { name: "Profile", current: null, proposed: "Standard User" },
      { name: "Territory", current: null, proposed: "" },
    ],
    createdAt: hour(1),
    transmittedAt: null,
    executedAt: null,
    error: null,
    ...more,
  };
}

/** One approval; the task stays open while others are needed. */
export function voted(line: Line, by = "paul", comment: string | null = null): Line {
  return happens(line, 1, { type: "voted", task: "approval", vote: { by, vote: "approved", reason: comment, at: hour(1) } });
}

export function approved(line: Line = aLine(), order: Partial<Order> = {}, by = "paul"): Line {
  return happens(
    voted(line, by),
    1,
    { type: "task-decided", task: "approval", outcome: "approved", by, reason: null },
    { type: "step-passed", step: 0 },
    { type: "approved" },
    { type: "order-created", order: anOrder(order) },
  );
}

export function rejected(line: Line = aLine(), reason = "Not this quarter"): Line {
  return happens(
    line,
    1,
    { type: "voted", task: "approval", vote: { by: "paul", vote: "rejected", reason, at: hour(1) } },
    { type: "task-decided", task: "approval", outcome: "rejected", by: "paul", reason },
    { type: "rejected", by: "paul", reason },
  );
}

export function transmitted(line: Line = approved(), task: Partial<Task> = {}): Line {
  const opened = aTask({ id: "fulfilment", kind: "fulfilment", step: null, assignees: [fulfillers], openedAt: hour(2), ...task });
  return happens(line, 2, { type: "task-opened", task: opened }, { type: "order-transmitted", task: "fulfilment", to: ["lena", "tom"] });
}

export function claimed(line: Line = transmitted(), by = "lena"): Line {
  return happens(line, 3, { type: "claimed", task: "fulfilment", by });
}

export function done(line: Line = claimed(), login = "ana@acme.example"): Line {
  return happens(
    line,
    4,
    { type: "task-decided", task: "fulfilment", outcome: "executed", by: "lena", reason: null },
    { type: "order-executed", by: "lena", login, account: { id: "account", isNew: true, login, attributes: [] } },
  );
}

export function failed(line: Line = claimed(), reason = "No licence left"): Line {
  const review = aTask({
    id: "review",
    kind: "review",
    step: null,
    assignees: [{ kind: "person", person: "tom", because: "technical-owner" }],
    openedAt: hour(4),
  });
  return happens(
    line,
    4,
    { type: "task-decided", task: "fulfilment", outcome: "errored", by: "lena", reason },
    { type: "order-errored", by: "lena", reason },
    { type: "task-opened", task: review },
  );
}

export function retried(line: Line = failed()): Line {
  return happens(
    line,
    5,
    { type: "task-decided", task: "review", outcome: "retried", by: "tom", reason: null },
    { type: "order-retried", by: "tom" },
  );
}

export function cancelled(line: Line = failed(), reason = "We stop using it"): Line {
  return happens(
    line,
    5,
    { type: "task-decided", task: "review", outcome: "cancelled", by: "tom", reason },
    { type: "order-cancelled", by: "tom", reason },
  );
}

/** The line ended as a whole at the fifth hour, and its open task lapsed with it. */
export function closed(event: Extract<LineEvent, { readonly type: "withdrawn" | "cancelled" | "expired" }>, line: Line = aLine()): Line {
  const open = line.tasks.find((task) => task.state === "open");
  const by = event.type === "expired" ? null : event.by;
  return happens(line, 5, event, ...(open ? [{ type: "task-closed", task: open.id, outcome: event.type, by } as const] : []));
}

/** One copy of the card of one of the line's tasks; `viewer` null: the copy in a channel. */
export function viewOf(line: Line, task: string, viewer: string | null, ...siblings: readonly Sibling[]): TaskView {
  const found = line.tasks.find((one) => one.id === task);
  if (!found) throw new Error(`the line has no task ${task}`);
  return { line, task: found, siblings, directory, viewer };
}

/** The request form's view before anything is chosen, asked for by Ana herself. */
export function askViewOf(more: Partial<AskView> = {}): AskView {
  return {
    words: "",
    matches: [],
    near: [],
    barred: [],
    beneficiary: {
      id: "ana",
      name: "Ana Ruiz",
      email: "ana@acme.example",
      title: "Account Executive",
      department: "Sales",
      self: true,
      active: true,
    },
    chosen: null,
    asksDate: false,
    entitlements: [],
    again: null,
    ...more,
  };
}

export function requestOf(...lines: readonly Line[]): RequestView {
  return { requester: "ana", lines, directory, ends: {} };
}
