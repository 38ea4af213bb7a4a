import { createContext } from "react";
import type { Snapshot } from "../../slack/page-interface.ts";

/** What the current person sees, for elements that list people or channels. */
export const WorkspaceContext = createContext<Snapshot>({
  version: 0,
  team: { id: "", name: "", domain: "" },
  app: { id: "", name: "", bot_user: "", commands: [], shortcuts: [] },
  me: {
    id: "",
    name: "",
    real_name: "",
    title: "",
    department: "",
    email: "",
    tz: "UTC",
    locale: "en-GB",
    initials: "",
    presence: "active",
    is_bot: false,
    is_guest: false,
    deleted: false,
  },
  people: [],
  conversations: [],
  home: null,
  modals: [],
});
