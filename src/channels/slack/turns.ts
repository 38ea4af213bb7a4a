/**
 * Whose turn it is: nobody's clicks, however many come at once, keep the others waiting or make the process grow. Each person has a few pieces of
 * work under way and a few waiting; all together have a bounded number under way, and people take turns for it. All of it is counted, not timed;
 * only who waits too long for Slack's patience is told so.
 */

export interface TurnLimits {
  /** Of one person. */
  readonly underWay: number;
  readonly waiting: number;
  /** Of everybody together. */
  readonly allUnderWay: number;
  readonly allWaiting: number;
  /** Milliseconds that a piece of work waits for its turn at most; null: for ever. */
  readonly patience: number | null;
}

/**
 * A person's four leave six of the database's ten connections to others; sixty-four together keep those busy while some wait for Slack.
 * Slack waits three seconds for an answer: what hasn't begun after two is answered without being done.
 */
export const TURN_LIMITS: TurnLimits = { underWay: 4, waiting: 12, allUnderWay: 64, allWaiting: 2_000, patience: 2_000 };

/** `too-many`: it was not done; `first` of this burst, so that it is said once. `overtaken`: a newer question came before this one was looked at. */
export type Turn = { readonly type: "done" } | { readonly type: "too-many"; readonly first: boolean } | { readonly type: "overtaken" };

export interface Turns {
  /** Does the work when its turn comes. Rejects as the work does. */
  act(person: string, work: () => Promise<void>): Promise<Turn>;
  /** Questions of a type-ahead: one under way and the newest one waiting; the ones between are overtaken. */
  question(person: string, work: () => Promise<void>): Promise<Turn>;
  /** Pieces of work, for tests: under way and waiting. */
  counts(): { readonly underWay: number; readonly waiting: number; readonly people: number };
}

interface Piece {
  readonly begin: () => Promise<void>;
  readonly leave: (turn: Turn) => void;
}

interface Lane {
  underWay: number;
  readonly waiting: Set<Piece>;
  isAsking: boolean;
  question: Piece | null;
  isTold: boolean;
}

export function turns(limits: TurnLimits = TURN_LIMITS): Turns {
  const lanes = new Map<string, Lane>();
  /** People whose next piece may begin, in the order of their turns. */
  const ready = new Set<string>();
  let underWay = 0;
  let waiting = 0;

  function laneOf(person: string): Lane {
    const lane = lanes.get(person) ?? { underWay: 0, waiting: new Set(), isAsking: false, question: null, isTold: false };
    lanes.set(person, lane);
    return lane;
  }

  const mayAsk = (lane: Lane) => lane.question !== null && !lane.isAsking;
  const mayAct = (lane: Lane) => lane.waiting.size > 0 && lane.underWay < limits.underWay;

  /** After every change of a lane: who has something to begin queues up behind the others, who has nothing at all is forgotten. */
  function settle(person: string, lane: Lane): void {
    if (mayAsk(lane) || mayAct(lane)) ready.add(person);
    else ready.delete(person);
    if (lane.underWay === 0 && lane.waiting.size === 0 && !lane.isAsking && lane.question === null) lanes.delete(person);
  }

  function next(): void {
    while (underWay < limits.allUnderWay) {
      const [person] = ready;
      const lane = person === undefined ? undefined : lanes.get(person);
      if (person === undefined || !lane) return;
      ready.delete(person);
      const asks = mayAsk(lane);
      const piece = asks ? lane.question : [...lane.waiting][0];
      if (piece) void run(person, lane, piece, asks);
    }
  }

  async function run(person: string, lane: Lane, piece: Piece, asks: boolean): Promise<void> {
    waiting -= 1;
    underWay += 1;
    if (asks) {
      lane.question = null;
      lane.isAsking = true;
    } else {
      lane.waiting.delete(piece);
      lane.underWay += 1;
    }
    settle(person, lane);
    await piece.begin();
    underWay -= 1;
    if (asks) lane.isAsking = false;
    else lane.underWay -= 1;
    settle(person, lane);
    next();
  }

  /** A piece that waits; `drop` takes it out of its lane when nobody can wait any longer. */
  function piece(work: () => Promise<void>, drop: (it: Piece) => void): { readonly it: Piece; readonly turn: Promise<Turn> } {
    let resolve: (turn: Turn) => void = () => {};
    let reject: (error: unknown) => void = () => {};
    const turn = new Promise<Turn>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    const timer = limits.patience === null ? undefined : setTimeout(() => drop(it), limits.patience);
    const it: Piece = {
      begin: async () => {
        clearTimeout(timer);
        try {
          await work();
          resolve({ type: "done" });
        } catch (error) {
          reject(error);
        }
      },
      leave: (left) => {
        clearTimeout(timer);
        resolve(left);
      },
    };
    return { it, turn };
  }

  function tooMany(lane: Lane): Turn {
    const first = !lane.isTold;
    lane.isTold = true;
    return { type: "too-many", first };
  }

  return {
    act(person, work) {
      const lane = laneOf(person);
      if (lane.waiting.size >= limits.waiting || waiting >= limits.allWaiting) {
        const turn = tooMany(lane);
        settle(person, lane);
        return Promise.resolve(turn);
      }
      const { it, turn } = piece(work, (late) => {
        lane.waiting.delete(late);
        waiting -= 1;
        late.leave(tooMany(lane));
        settle(person, lane);
      });
      lane.waiting.add(it);
      waiting += 1;
      settle(person, lane);
      next();
      return turn;
    },

    question(person, work) {
      const lane = laneOf(person);
      const { it, turn } = piece(work, (late) => {
        lane.question = null;
        waiting -= 1;
        late.leave({ type: "overtaken" });
        settle(person, lane);
      });
      if (lane.question) {
        lane.question.leave({ type: "overtaken" });
        waiting -= 1;
      }
      lane.question = it;
      waiting += 1;
      settle(person, lane);
      next();
      return turn;
    },

    counts: () => ({ underWay, waiting, people: lanes.size }),
  };
}
