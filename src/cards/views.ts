export type * from "../domain/views.ts";
