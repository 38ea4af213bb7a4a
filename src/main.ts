/** `npm start`: starts Latchkey, prints where it is, and ends in order on SIGTERM or SIGINT. */
import { serve } from "./serve.ts";

process.exitCode = await serve(process.env);
