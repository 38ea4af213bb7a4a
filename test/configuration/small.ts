/** A small folder without a fault, and how a test breaks it at one marked place. */
import type { Fault, Position } from "../../src/configuration/fault.ts";
import type { ReadFolder } from "../../src/configuration/folder.ts";
import { readSources } from "../../src/configuration/folder.ts";
import { sourceOf } from "../../src/configuration/source.ts";

export const YAML = `chat: { slack: [{ team_id: T0ACME, trust_email: true }] }
administrators: { group: desk }
calendars:
  - { id: berlin, time_zone: Europe/Berlin, hours: "Mon-Fri 09:00-17:30", holidays: [2026-12-25] }
groups:
  - { id: desk, members: [ana@acme.example, E2, cy@acme.example], slack_channel: it-desk }
policies:
  - id: standard
    stages:
      - steps: [{ approvers: manager }]
  - id: privileged
    stages:
      - steps: [{ approvers: { group: desk }, needed: 2 }]
applications:
  - id: crm
    name: CRM
    kind: disconnected
    business_owner: ana@acme.example
    technical_owner: E2
    fulfillers: { group: desk }
    policy: standard
    requestable_by: { department: [Sales] }
    service_level: { fulfil_within: 8 working hours }
    form:
      - { id: region, label: Region, type: choice, options: [EMEA, AMER], required: true }
    account:
      login: "{{ person.email }}"
      attributes: { Region: "{{ form.region }}" }
    instructions: Do it.
    entitlements:
      - { id: admin, name: Administrator, policy: privileged, risk: high, max_duration: 30 days }
`;

export const CSV = `id,email,name,manager_id,department,title,location,time_zone,start_date,end_date,state,calendar,slack_user_id,teams_object_id,cost_center
E1,ana@acme.example,Ana,,Sales,Lead,Berlin,Europe/Berlin,2020-01-01,,active,berlin,,,C1
E2,bo@acme.example,Bo,E1,IT,Administrator,Berlin,Europe/Berlin,,,active,,,,C2
E3,cy@acme.example,Cy,E1,Sales,Seller,New York,America/New_York,,,active,berlin,,,C1
E4,di@acme.example,Di,E1,Sales,Seller,New York,America/New_York,,,active,,,,C1
`;

/** Stands before the place at which the fault is expected. */
export const MARK = "▸";

/** Replaces a piece of text, which must stand there exactly once, and tells where the mark came to stand. */
export function broken(text: string, find: string, put: string): { readonly text: string; readonly place: Position } {
  if (text.split(find).length !== 2) throw new Error(`not exactly once in the text: ${find}`);
  const marked = text.replace(find, () => put);
  const before = marked.slice(0, marked.indexOf(MARK)).split("\n");
  return { text: marked.replace(MARK, ""), place: { line: before.length, column: before.at(-1)!.length + 1 } };
}

export function read(yaml: string | Uint8Array, csv: string | Uint8Array): ReadFolder {
  const bytes = (content: string | Uint8Array) => (typeof content === "string" ? Buffer.from(content) : content);
  return readSources(sourceOf("latchkey.yaml", bytes(yaml)), sourceOf("people.csv", bytes(csv)));
}

export function faultsOf(yaml: string | Uint8Array, csv: string | Uint8Array): readonly Fault[] {
  const found = read(yaml, csv);
  return found.ok ? [] : found.faults;
}
