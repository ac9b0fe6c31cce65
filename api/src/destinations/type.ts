import type { Outcome } from '../model/delivery.ts';

/** What a destination's default body is made of. */
export interface DefaultBodyInput {
  /** The source's name. */
  source: string;
  /** The event's type; may be empty. */
  type: string;
  /** RFC 3339. */
  received_at: string;
  /** What the source extracted. */
  data: Readonly<Record<string, unknown>>;
  /** Where people can see the event; absent: no link is shown. */
  link?: string | undefined;
  /** Of a notification, which says itself what happened: a sentence, what explains it (may be empty), and where to see more. */
  message?: { title: string; text: string; url: string };
}

export interface RenderedBody {
  body: string;
  content_type: string;
}

/** What came back over HTTP. */
export interface Answer {
  status: number;
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>;
  /** As text, up to 8 KiB. */
  body: string;
  /** Of a body that is longer what was read of it, up to 64 KiB, nothing masked: to judge by, never to be kept or shown. */
  whole?: string;
}

/** One kind of destination: its body, its limits, its answers. */
export interface DestinationType {
  /** False: nothing leaves; the delivery is kept and shown. */
  sends: boolean;
  /** The value to send where a mapping has no template. Absent: the event's own body passes through. */
  defaultBody?(input: DefaultBodyInput): unknown;
  /** A rendered template as the bytes to send, within the vendor's limits: too long is cut, never refused. */
  fit(value: unknown): RenderedBody;
  /** What an answer means here; undefined: what it means everywhere. `now` for Retry-After dates. */
  classify?(answer: Answer, now: number): Outcome | undefined;
}
