/** What a Content-Type header says about a body. Texts are empty where it says nothing. */
export interface MediaType {
  /** `application/json`, in lower case, without parameters. */
  type: string;
  /** The label as declared, such as `ISO-8859-1`. */
  charset: string;
  /** Of multipart types: what parts the parts. */
  boundary: string;
}

/** Reads names and values in any case, with or without quotes, and blanks around `=`, since producers write all of these. */
export function readMediaType(contentType: string): MediaType {
  return {
    type: (contentType.split(';', 1)[0] as string).trim().toLowerCase(),
    charset: parameter(contentType, CHARSET),
    boundary: parameter(contentType, BOUNDARY),
  };
}

const CHARSET = /;\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;,]*))/i;
const BOUNDARY = /;\s*boundary\s*=\s*(?:"([^"]*)"|()([^\s;]*))/i;

function parameter(contentType: string, pattern: RegExp): string {
  const [, quoted, singleQuoted, plain] = pattern.exec(contentType) ?? [];
  return (quoted ?? (singleQuoted || plain) ?? '').trim();
}

/** `application/json`, `text/json`, `application/x-json`, `application/vnd.github+json`, `application/x-amz-json-1.1` … */
const JSON_TYPE = /^[\w.-]+\/(?:\S*[.+-])?json(?:request|-rpc|-\d[\d.]*)?$/;
/** One JSON text a line, under the names in use. */
const JSON_LINES_TYPE =
  /^[\w.-]+\/(?:x-)?(?:ndjson|nd-json|jsonl|jsonlines|json-lines|ldjson|json-seq|json-stream|stream\+json)$/;
const TEXT_TYPE =
  /^(?:text|message)\/|^application\/(?:[\w.-]+[+.-])?(?:xml|yaml|csv|jwt|javascript|graphql|toml|sql|calendar|pem)$/;

export function isJson({ type }: MediaType): boolean {
  return JSON_TYPE.test(type) && !isJsonLines({ type });
}

export function isJsonLines({ type }: Pick<MediaType, 'type'>): boolean {
  return JSON_LINES_TYPE.test(type);
}

/** Text, XML and other types of which the body is a text; what has no type at all is taken for text. */
export function isText({ type }: MediaType): boolean {
  return type === '' || TEXT_TYPE.test(type);
}

export function isXml({ type }: MediaType): boolean {
  return type.endsWith('xml');
}

export function isForm({ type }: MediaType): boolean {
  return type === 'application/x-www-form-urlencoded';
}

/** Without a boundary nothing can be told apart, so that such a body is read like one of no special type. */
export function isMultipartForm({ type, boundary }: MediaType): boolean {
  return type === 'multipart/form-data' && boundary !== '';
}
