/** A configuration in which every word that somebody may choose holds the canary, and a Slack that misbehaves on demand. */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

/** Stands in every text that must not be seen where it doesn't belong. */
export const CANARY = "cnry";

const PEOPLE = `id,email,name,manager_id,department,title,location,time_zone,start_date,end_date,state,calendar,slack_user_id,teams_object_id,cnry_attribute
CNRY1,cnryann@cnry.example,Cnry Ann,CNRY2,Cnry Sales,Cnry Seller,Cnry Town,Europe/Berlin,2020-01-01,,active,cnry-calendar,,,cnry-value
CNRY2,cnryben@cnry.example,Cnry Ben,CNRY3,Cnry Sales,Cnry Lead,Cnry Town,Europe/Berlin,2020-01-01,,active,cnry-calendar,,,cnry-value
CNRY3,cnrytom@cnry.example,Cnry Tom,,Cnry IT,Cnry Admin,Cnry Town,Europe/Berlin,2020-01-01,,active,cnry-calendar,,,cnry-value
`;

const CATALOGUE = `
chat: { slack: [{ team_id: T0TEAM, trust_email: true }] }
administrators: { group: cnry-leads }
calendars: [{ id: cnry-calendar, time_zone: Europe/Berlin, hours: "Mon-Sun 00:00-24:00" }]
groups:
  - { id: cnry-leads, name: Cnry leads, members: [cnrytom@cnry.example] }
  - { id: cnry-hands, name: Cnry hands, members: [cnryben@cnry.example, cnrytom@cnry.example], slack_channel: cnry-channel }
policies:
  - { id: cnry-policy, stages: [{ steps: [{ approvers: manager }] }] }
applications:
  - id: cnry-app
    name: Cnry App
    description: Cnry description
    keywords: [cnryword]
    kind: disconnected
    business_owner: cnrytom@cnry.example
    technical_owner: cnrytom@cnry.example
    fulfillers: { group: cnry-hands }
    policy: cnry-policy
    form:
      - { id: cnry_region, label: Cnry region, type: text, hint: Cnry hint, required: true }
    account:
      login: "cnry-{{ person.email }}"
      attributes: { Cnry attribute: "cnry {{ form.cnry_region }}" }
    instructions: "Cnry instructions for {{ person.name }}"
    entitlements:
      - { id: cnry-item, name: Cnry item, description: Cnry item words, instructions: Cnry words of the item }
`;

/** Its path holds the canary too. */
export async function canaryFolder(): Promise<string> {
  const folder = path.join(await mkdtemp(path.join(tmpdir(), "latchkey-")), "cnry-folder");
  await mkdir(folder);
  await writeFile(path.join(folder, "people.csv"), PEOPLE);
  await writeFile(path.join(folder, "latchkey.yaml"), CATALOGUE);
  return folder;
}

/** What the Slack in between makes of a call. */
export type Mood = "fine" | "cut" | "limited" | "proxy" | "refusing" | "broken";

/** Passes calls on to `to`, or answers in their place, each time with the canary in what it says. */
export async function moodySlack(to: () => string) {
  const moods: { now: Mood; met: Set<Mood> } = { now: "fine", met: new Set() };
  const server = createServer((incoming, response) => {
    moods.met.add(moods.now);
    const say = (status: number, type: string, body: string) =>
      response.writeHead(status, { "content-type": type, "retry-after": "1", connection: "close" }).end(body);
    switch (moods.now) {
      case "cut":
        return void incoming.socket.destroy();
      case "limited":
        return say(429, "application/json", JSON.stringify({ ok: false, error: "ratelimited", cnry: "cnry" }));
      case "proxy":
        return say(200, "text/html", "<html>cnry: go through the proxy</html>");
      case "refusing":
        return say(200, "application/json", JSON.stringify({ ok: false, error: "<cnry>" }));
      case "broken":
        return say(500, "text/plain", "cnry");
      case "fine": {
        const { headers, method, url } = incoming;
        const onward = request(
          `${to()}${url}`,
          { method: method ?? "GET", headers: { ...headers, host: new URL(to()).host } },
          (answer) => {
            response.writeHead(answer.statusCode ?? 500, answer.headers);
            answer.pipe(response);
          },
        );
        onward.on("error", () => response.destroy());
        incoming.pipe(onward);
      }
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    moods,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
