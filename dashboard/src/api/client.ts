import createClient from "openapi-fetch";
import { authorisedFetch } from "./auth";
import type { paths } from "./schema.gen";
import { SERVER } from "./server";

/** The typed client of `/v1`; `answer(client.GET(…))` gives the data or throws a `Problem`. */
export const client = createClient<paths>({ baseUrl: SERVER, fetch: authorisedFetch });

/** A header that lets the server know a repeated request: one key for each thing a person does once. */
export const idempotent = (): { "Idempotency-Key": string } => ({ "Idempotency-Key": crypto.randomUUID() });
