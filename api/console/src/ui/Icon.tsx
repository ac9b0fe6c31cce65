/** Paths on a grid of 16, drawn as lines. */
const PATHS = {
  account: 'M2.5 14V3.5L8 1.5l5.5 2V14M1 14h14M6 14v-3h4v3M5.5 6h1M9.5 6h1M5.5 8.5h1M9.5 8.5h1',
  arrow: 'M3 8h10M9 4l4 4-4 4',
  back: 'M13 8H3M7 4 3 8l4 4',
  ban: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM3.8 3.8l8.4 8.4',
  bell: 'M4 7a4 4 0 0 1 8 0c0 3.5 1.5 4.5 1.5 4.5h-11S4 10.5 4 7ZM6.8 14h2.4',
  check: 'M3 8.5 6.5 12 13 4.5',
  chevron: 'm4.5 6 3.5 4 3.5-4',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.5V8l2.5 1.5',
  close: 'm4 4 8 8M12 4l-8 8',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  deliveries: 'M14 2 7 9M14 2l-4.5 12L7 9 2 6.5z',
  destinations: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
  download: 'M8 2v8.5M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  error: 'M8 1.8 14.5 13.5h-13zM8 6v3.5M8 11.4v.1',
  events: 'M1.5 8h3l2-5.5 3 11 2-5.5h3',
  expired: 'M4 1.5h8M4 14.5h8M5 1.5c0 4 6 4.5 6 6.5s-6 2.5-6 6.5M11 1.5c0 4-6 4.5-6 6.5s6 2.5 6 6.5',
  external: 'M6 3H2.5v10.5H13V10M9 2h5v5M14 2 7.5 8.5',
  failed: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6 6l4 4M10 6l-4 4',
  filter: 'M2 3h12L9.5 8.5V13l-3-1.5v-3z',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.5V11M8 5v.1',
  keyboard: 'M1.5 4h13v8.5h-13zM4 6.5h.1M6.6 6.5h.1M9.3 6.5h.1M12 6.5h.1M5 10h6',
  logout: 'M6.5 2.5h-4v11h4M6 8h8M11 5l3 3-3 3',
  mappings: 'M2 4h3.5l5 8H14M2 12h3.5l1.6-2.5M9 6.3 10.5 4H14M12 2l2 2-2 2M12 10l2 2-2 2',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  more: 'M3.5 8h.1M8 8h.1M12.5 8h.1',
  overview: 'M2 2.5h5v6H2zM9 2.5h5v3H9zM9 8h5v5.5H9zM2 11h5v2.5H2z',
  pause: 'M5.5 3v10M10.5 3v10',
  play: 'M4.5 2.5v11l9-5.5z',
  plus: 'M8 3v10M3 8h10',
  replays: 'M2.5 8a5.5 5.5 0 0 1 9.6-3.7L13.5 6M13.5 2.5V6H10M13.5 8a5.5 5.5 0 0 1-9.6 3.7L2.5 10M2.5 13.5V10H6',
  retry: 'M13.5 8A5.5 5.5 0 1 1 12 4.2L13.5 6M13.5 2.5V6H10',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.7 10.7 14 14',
  settings:
    'M2 4.5h6M12 4.5h2M10 6.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM2 11.5h2M8 11.5h6M6 13.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  sites: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM2 8h12M8 2c4 4 4 8 0 12M8 2C4 6 4 10 8 14',
  skip: 'M3 8h10',
  sources: 'M2.5 9v4.5h11V9M8 2v7.5M5 6.5 8 9.5l3-3',
  theme: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 2v12M8 5h4.6M8 8h5.9M8 11h4.6',
  undo: 'M5.5 2.5 2.5 5.5l3 3M2.5 5.5H10a3.5 3.5 0 0 1 0 7H5',
  webhooks:
    'M6 6.2 3.6 10.4M5.5 3.9a2.3 2.3 0 1 1 4.3 1.4l2.3 4M3 14a2.2 2.2 0 1 0-.1-4.3M13 14a2.2 2.2 0 1 0 0-4.4M5.2 12h5.6',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration only: a word stands beside it, or the button around it has a label. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
