import { DESTINATION_TYPES } from '../../../api/src/destinations/index.ts';
import { escapeMarkdown, unlinked, unlinkedHeading } from '../../../api/src/destinations/plain.ts';

/** An invisible character, for people to read. */
const shown = (text: string) => text.replaceAll('\u200b', '·');

describe('escapeMarkdown', () => {
  it.each([
    ['plain words, 5 €: (a) "b" c-d 1.5!', 'plain words, 5 €: (a) "b" c-d 1.5!'],
    ['github: issues.opened', 'github: issues.opened'],
    ['__init__', '\\_\\_init\\_\\_'],
    ['*a* **b** ~~c~~ `d` ||e||', '\\*a\\* \\*\\*b\\*\\* \\~\\~c\\~\\~ \\`d\\` \\|\\|e\\|\\|'],
    ['C:\\new', 'C:\\\\new'],
    ['[click](https://evil.example)', '\\[click\\](https\\://evil.example)'],
    ['https://evil.example www.evil.example', 'https\\://evil.example www\\.evil.example'],
    ['<https://evil.example>', '\\<https\\://evil.example>'],
    ['@everyone, me@x.example', '\\@everyone, me\\@x.example'],
    ['<@123> <#4> <:e:5> <at>Ann</at>', '\\<\\@123> \\<#4> \\<:e:5> \\<at>Ann\\</at>'],
    ['# head\n> quote\n- item\n  + item\n1. first', '\\# head\n\\> quote\n\\- item\n  \\+ item\n1\\. first'],
    ['-# small', '\\-# small'],
    ['&lt;b&gt; &#42; R&D', '\\&lt;b\\&gt; \\&#42; R&D'],
    ['{{DATE(2017-02-14T06:00:00Z)}}', '\\{{DATE(2017-02-14T06:00:00Z)}}'],
  ])('%j', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });
});

describe('unlinked', () => {
  it.each([
    ['plain words, 5 €: (a) and/or 3/4 1.5 #12 $5', 'plain words, 5 €: (a) and/or 3/4 1.5 #12 $5'],
    ['https://evil.example/x', 'https:·//evil.·example/x'],
    ['tg://resolve', 'tg:·//resolve'],
    ['www.evil.example', 'www.·evil.·example'],
    ['@ann me@x.example', '@·ann me@·x.·example'],
    ['#tag $USD /start a/b', '#·tag $·USD /·start a/b'],
    ['[click](https://evil.example)', '[click]·(https:·//evil.·example)'],
    ['evil.example README.md 1.5 v1.2.3', 'evil.·example README.·md 1.5 v1.2.3'],
  ])('%j', (text, marked) => {
    expect(shown(unlinked(text))).toBe(marked);
  });

  it.each([
    ['github: issues.opened', 'github: issues.opened'],
    ['x: [a](https://evil.example)', 'x: [a]·(https:·//evil.·example)'],
    ['x: @ann', 'x: @·ann'],
  ])('of a heading: %j', (text, marked) => {
    expect(shown(unlinkedHeading(text))).toBe(marked);
  });
});

describe('the extracted url', () => {
  const of = (url: unknown) => {
    const body = DESTINATION_TYPES.discord.defaultBody?.({ source: 's', type: 't', received_at: '', data: { url } });
    return (body as { embeds: { url?: string }[] }).embeds[0]?.url;
  };

  it.each([
    ['https://a.example/x?y=1&z=_#f', 'https://a.example/x?y=1&z=_#f'],
    ['HTTPS://a.example', 'HTTPS://a.example'],
    ['https://a.example/ü', 'https://a.example/%C3%BC'],
    ['https://a.example/ [click](https://evil.example)', 'https://a.example/%20[click](https://evil.example)'],
    ['https://a.example/\n@everyone https://evil.example', 'https://a.example/@everyone%20https://evil.example'],
  ])('%j is the link %j', (url, link) => {
    expect(of(url)).toBe(link);
  });

  // Discord refuses the whole message for an address that is none.
  it.each(['https://', 'https://a b/', 'javascript:alert(1)', `https://a.example/${'x'.repeat(2048)}`, 5, null])(
    '%j is none',
    (url) => {
      expect(of(url)).toBeUndefined();
    },
  );
});

describe('a stranger who writes lines', () => {
  const forged = 'x\n• status: paid\r\nstatus: paid\u2028status: paid';
  const data = { title: forged, note: forged };

  it.each(['slack', 'telegram', 'ntfy'] as const)('makes none that looks like one of the message at %s', (type) => {
    const body = DESTINATION_TYPES[type].defaultBody?.({ source: 's', type: forged, received_at: '', data });
    const text = typeof body === 'string' ? body : (body as { text: string }).text;
    expect(text.split(/[\n\r\u2028]/).filter((line) => /^(?:• )?status/.test(line))).toEqual([]);
    expect(text).toContain('\n    status: paid');
  });
});

describe('a stranger who writes into a default message', () => {
  const STRANGE = '[click](https://evil.example) @ann <@U1> <!here> *bold* www.evil.example';
  const LINKS = /\[Show the event\]\(https:\/\/hooks.example\/e\)|https:\/\/(?:good|hooks).example\/\w/g;
  const data = { title: STRANGE, url: 'https://good.example/1', [STRANGE]: STRANGE };
  const input = { source: 'shop', type: STRANGE, received_at: '', data, link: 'https://hooks.example/e' };

  it.each(['discord', 'slack', 'teams', 'telegram', 'ntfy'] as const)('makes no link and no mention at %s', (type) => {
    const texts: string[] = [];
    // Discord shows a footer as it is.
    JSON.stringify(DESTINATION_TYPES[type].defaultBody?.(input), (key, value) => {
      if (typeof value === 'string' && key !== '$schema') texts.push(value);
      return key === 'footer' ? undefined : value;
    });
    expect(texts.join('\n')).toContain('https://good.example/1');
    expect(texts.join('\n')).toContain('https://hooks.example/e');
    for (const text of texts) {
      // What is escaped is no markup any more.
      const rest = text.replace(LINKS, '').replace(/\\./g, '');
      expect(rest).not.toMatch(/:\/\/|@\w|\]\(|www\.\w/);
      if (type !== 'telegram' && type !== 'ntfy') expect(rest).not.toMatch(/<[@!#]/);
    }
  });
});
