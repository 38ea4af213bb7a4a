/** Whether to tell people "try again in a moment": the database, of which channels know nothing, can't work just now. Under the same key trying again is safe. */
export { mayGoWellSoon } from "../db/fault.ts";
