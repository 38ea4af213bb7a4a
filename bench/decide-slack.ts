/** A Slack that costs next to nothing: says yes to every method and to every response_url. For benches of what happens before Slack is called. */
import { createServer } from "node:http";

let ts = 0;
const server = createServer((request, response) => {
  request.resume();
  request.once("end", () => {
    ts += 1;
    const body = JSON.stringify({
      ok: true,
      team_id: "T0BENCH",
      channel: request.url?.includes("conversations.open") ? { id: `D${ts}` } : "D1",
      ts: `${ts}.000001`,
    });
    response.writeHead(200, { "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(body) }).end(body);
  });
});
server.listen(Number(process.env.PORT), process.env.HOST ?? "127.0.0.1");
