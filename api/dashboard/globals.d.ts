// What PocketBase's dashboard offers to extensions, and the little of a browser's globals that is used. It has no types.

// biome-ignore lint/suspicious/noExplicitAny: the interface is undocumented; tests/browser/dashboard.test.ts holds it
type Untyped = any;

/** Stores, utilities, the kinds of fields and the windows of the dashboard. */
declare const app: Untyped;
/** Makes elements: `t.div({className}, children)`. */
declare const t: Untyped;
/** A value whose changes are watched. */
declare function store<T extends object>(value: T): T;
/** Calls back at once and after each change of what is tracked. */
declare function watch<T>(tracked: () => T, onChange: (value: T, before: T | undefined) => void): { unwatch(): void };

declare const document: {
  head: { append(element: Untyped): void };
  body: { classList: { toggle(name: string, on: boolean): void } };
  addEventListener(type: string, listener: (event: Untyped) => void): void;
};

declare module '*.css' {
  const text: string;
  export default text;
}
