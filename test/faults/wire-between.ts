/** What lies between Latchkey and its database: a wire that passes everything on, late, or not at all. */
import net from "node:net";

export interface Between {
  readonly port: number;
  /** The port that new connections are carried to. */
  target: number;
  /** Milliseconds that a question and its answer spend on the wire, together. */
  roundTrip: number;
  /** Nothing comes through and nobody hears so, as when the machine behind it is gone; what was sent meanwhile is lost when it ends. */
  isDead: boolean;
  close(): Promise<void>;
}

export async function wireTo(target: number): Promise<Between> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(wire.target, "127.0.0.1");
    for (const one of [near, far]) {
      sockets.add(one.setNoDelay(true).on("error", () => {}));
      one.on("close", () => sockets.delete(one));
    }
    carry(near, far);
    carry(far, near);
  });
  /** Bytes keep their order, also when the wire becomes faster meanwhile. */
  function carry(from: net.Socket, to: net.Socket): void {
    let last = Promise.resolve();
    const then = (act: () => void) => {
      const due = new Promise((resolve) => (wire.roundTrip > 0 ? setTimeout(resolve, wire.roundTrip / 2) : resolve(undefined)));
      last = last.then(() => due).then(act);
    };
    let isLost = false;
    from.on("data", (bytes) => {
      if (wire.isDead) isLost = true;
      if (!isLost) then(() => void to.write(bytes));
    });
    from.on("close", () => {
      if (!wire.isDead && !isLost) then(() => to.destroy());
    });
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const wire: Between = {
    port: (server.address() as net.AddressInfo).port,
    target,
    roundTrip: 0,
    isDead: false,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return wire;
}
