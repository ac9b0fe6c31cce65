/** One exchange over HTTP, whatever the status. Rejects when there was no answer. Browsers' `fetch` is one. */
export type Send = (request: Request) => Promise<Response>;
