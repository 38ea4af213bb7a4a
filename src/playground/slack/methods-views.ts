/** views.*: errors and answers as docs.slack.dev/reference/methods gives them. */
import type { Arguments } from "./arguments.ts";
import { type Method, missing } from "./methods.ts";
import { asView, open, publish, push, update } from "./views.ts";
import { done, type Outcome } from "./workspace.ts";
import type { Json, OpenView, World } from "./world.ts";

const shown = (world: World, outcome: Outcome<OpenView>): Outcome<Json> =>
  outcome.ok ? done({ view: asView(world, outcome.value) }) : outcome;

const byTrigger =
  (way: (world: World, trigger: string, view: unknown) => Outcome<OpenView>): Method =>
  (world, args: Arguments) =>
    missing(args, "trigger_id", "view") ?? shown(world, way(world, args.text("trigger_id") ?? "", args.data("view")));

const updateView: Method = (world, args) => {
  const absent = missing(args, "view") ?? (args.text("external_id") === undefined ? missing(args, "view_id") : undefined);
  if (absent) return absent;
  const asked = { view_id: args.text("view_id"), external_id: args.text("external_id"), hash: args.text("hash"), view: args.data("view") };
  return shown(world, update(world, asked));
};

const publishView: Method = (world, args) =>
  missing(args, "user_id", "view") ?? shown(world, publish(world, args.text("user_id") ?? "", args.data("view"), args.text("hash")));

export const VIEW_METHODS: { readonly [name: string]: Method } = {
  "views.open": byTrigger(open),
  "views.push": byTrigger(push),
  "views.update": updateView,
  "views.publish": publishView,
};
