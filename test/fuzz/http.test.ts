/** The server before any route: whatever request line and headers come over a bare connection, it is answered or hung up on, never by a fault of ours. */
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpServer, listen, plain } from "../../src/http.ts";
import { fuzzAsync, LONG, must } from "./fuzzing.ts";
import { damagedText } from "./hostile.ts";

let server: HttpServer;
beforeAll(async () => {
  server = await listen({ host: "127.0.0.1", port: 0, hosts: ["127.0.0.1", "localhost", "::1"] });
  server.route({
    "/healthz": (_request, response) => plain(response, 200, "alive"),
    "/page/": (_request, response) => plain(response, 200, "page"),
  });
});
afterAll(() => server.close(0));

/** The status of the first answer; 0: hung up on without one. */
function answerTo(written: string): Promise<number> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(server.port, "127.0.0.1", () => socket.end(`${written}\r\n\r\n`));
    socket.setEncoding("latin1");
    socket.on("data", (part: string) => {
      heard += part;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? 0)));
  });
}

const HEAD = (target: string, host = "localhost:3000") => `GET ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: close`;

test.each([
  ["/healthz", 200],
  ["/page/x?y=1", 200],
  ["//", 404],
  ["///", 404],
  ["http://", 404],
  ["*", 404],
  ["/%ff", 404],
  ["//healthz", 404],
])("%s is answered with %i", async (target, status) => {
  expect(await answerTo(HEAD(target))).toBe(status);
});

test("only the names under which it is served get past the door", async () => {
  for (const host of ["127.0.0.1", "localhost:1", "[::1]:3000"]) expect(await answerTo(HEAD("/healthz", host))).toBe(200);
  for (const host of ["evil.example", "localhost.evil.example", "[::1", "", "[]", ":", "127.0.0.1.evil.example"])
    expect(await answerTo(HEAD("/healthz", host)), host).toBe(421);
});

test("THREAT-17 no request line and no header makes the server fail", LONG, async () => {
  const heads = damagedText(HEAD("/healthz"), HEAD("/page/x?y=1#z"), HEAD("//", "[::1]"), HEAD("http://localhost/page/"));
  await fuzzAsync(
    heads,
    async (head) => {
      const status = await answerTo(head);
      must([0, 200, 400, 404, 408, 413, 417, 421, 431, 505].includes(status), `an answer, not ${status}`);
    },
    0.02,
  );
});
