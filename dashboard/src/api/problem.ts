import type { components } from "./schema.gen";

type Document = Partial<components["schemas"]["Problem"]>;

/** One field that the server did not accept. */
export type FieldProblem = { pointer: string; detail: string };

/** Why a request failed: the server's problem document (RFC 9457), or that no answer came. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly hint: string | null;
  readonly requestId: string | null;
  readonly fields: readonly FieldProblem[];
  /** The document as it came, for what only some problems say. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(status: number, document: Document) {
    super(document.detail || document.title || `The server answered ${status}.`);
    this.name = "Problem";
    this.status = status;
    this.title = document.title ?? "The request failed";
    this.hint = document.hint ?? null;
    this.requestId = document.request_id ?? null;
    this.fields = (document.errors ?? []) as FieldProblem[];
    this.more = document as Record<string, unknown>;
  }

  /** Nothing answered: what became of the request is not known. */
  get unanswered(): boolean {
    return this.status === 0;
  }

  static unanswered(): Problem {
    return new Problem(0, {
      title: "No answer",
      detail: "The server did not answer.",
      hint: "See that `tradewright serve` runs and that this machine reaches it.",
    });
  }
}

type Answer<Data> = { data?: Data; error?: unknown; response: Response };

/** What a request of the client answers, or its problem as an error. */
export async function answer<Data>(request: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await request.catch(() => {
    throw Problem.unanswered();
  });
  if (response.ok) return data as Data;
  throw new Problem(response.status, typeof error === "object" && error !== null ? error : {});
}
