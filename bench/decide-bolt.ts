/** The limit of `decide`: a Bolt app over HTTP whose only handler acknowledges. */
import { App, HTTPReceiver } from "@slack/bolt";
import { BOT_TOKEN, SIGNING_SECRET } from "./decide-processes.ts";

const receiver = new HTTPReceiver({ signingSecret: SIGNING_SECRET, endpoints: ["/slack/events"] });
const app = new App({ receiver, authorize: async () => ({ botToken: BOT_TOKEN }), convoStore: false });
app.action(/^/, async ({ ack }) => {
  await ack();
});
await app.start(Number(process.env.PORT));
