import { DAY, HOUR, level, MINUTE, rule, watch } from './support.ts';

const NOON = Date.parse('2026-03-10T12:00:00Z');
const drop = rule({ type: 'visitor_drop', readings: 1 });

describe('a drop', () => {
  it('needs the site to have had as many before', () => {
    const trigger = watch(drop);
    expect(trigger.read(level(drop, 99, NOON), NOON)).toMatchObject({ missing: 'threshold_not_reached' });
    expect(trigger.phase).toBe('learning');
    trigger.read(level(drop, 100, NOON + MINUTE), NOON + MINUTE);
    expect(trigger).toMatchObject({ phase: 'armed', fired: [] });
    trigger.read(level(drop, 99, NOON + 2 * MINUTE), NOON + 2 * MINUTE);
    expect(trigger.fired).toEqual([expect.objectContaining({ type: 'visitor.drop', value: 99, threshold: 100 })]);
  });

  it('is over a fifth above the threshold, with the lowest value', () => {
    const trigger = watch(drop);
    for (const [i, value] of [100, 99, 40, 119, 120].entries()) {
      trigger.read(level(drop, value, NOON + i * MINUTE), NOON + i * MINUTE);
    }
    expect(trigger.fired[1]).toMatchObject({
      type: 'visitor.drop.recovered',
      value: 120,
      peak: 40,
      since: NOON + MINUTE,
    });
    expect(trigger.phase).toBe('cooling');
  });

  it.each([
    ['no hit came yet', { first_hit: undefined }, 'first_hit'],
    ['the window begins before the first hit', { first_hit: NOON - 11 * HOUR }, 'first_hit'],
    ['the service was down', { counting_since: NOON - HOUR }, 'gap'],
  ])('is not judged when %s', (_, changes, missing) => {
    const trigger = watch(drop);
    trigger.read(level(drop, 100, NOON - DAY), NOON - DAY);
    const { first_hit = 0, ...rest } = changes as { first_hit?: number };
    const reading = level(drop, 0, NOON, { ...rest, ...(first_hit > 0 && { first_hit }) });
    if ('first_hit' in changes && changes.first_hit === undefined) delete reading.first_hit;
    expect(trigger.read(reading, NOON)).toMatchObject({ kind: 'move', missing });
    expect(trigger).toMatchObject({ phase: 'learning', fired: [] });
    expect(trigger.state.reached).toBe(true);
  });

  it('that was told stays so over a gap', () => {
    const trigger = watch(drop);
    trigger.read(level(drop, 100, NOON - DAY), NOON - DAY);
    trigger.read(level(drop, 10, NOON), NOON);
    expect(trigger.read(level(drop, 500, NOON + HOUR, { counting_since: NOON + 1 }), NOON + HOUR)).toMatchObject({
      kind: 'hold',
      missing: 'gap',
    });
    expect(trigger.fired).toHaveLength(1);
  });

  it('against what is usual is judged where enough visitors are usual', () => {
    const relative = rule({ type: 'visitor_drop', readings: 1, threshold: 0, relative_threshold: 0.5 });
    const trigger = watch(relative);
    expect(trigger.read(level(relative, 0, NOON, { baseline: 9 }), NOON)).toMatchObject({ missing: 'traffic' });
    trigger.read(level(relative, 50, NOON + 1, { baseline: 100 }), NOON + 1);
    trigger.read(level(relative, 49, NOON + 2, { baseline: 100 }), NOON + 2);
    expect(trigger.fired).toEqual([expect.objectContaining({ value: 49, threshold: 50, baseline: 100 })]);
  });
});

describe('a silent site', () => {
  function silent(at: number, last_hit: number, value = 0) {
    return level(drop, value, at, { last_hit });
  }

  it('is told instead of a drop, and to be back with its first hit', () => {
    const trigger = watch(drop);
    trigger.read(level(drop, 100, NOON), NOON);
    trigger.read(silent(NOON + 30 * MINUTE - 1, NOON, 99), NOON + 30 * MINUTE - 1);
    const [first] = trigger.fired;
    expect(first?.type).toBe('visitor.drop');

    const other = watch(drop);
    other.read(level(drop, 100, NOON), NOON);
    other.read(silent(NOON + 30 * MINUTE, NOON, 20), NOON + 30 * MINUTE);
    expect(other.fired).toEqual([expect.objectContaining({ type: 'site.silent', value: 20, last_hit: NOON })]);
    other.read(silent(NOON + 3 * HOUR, NOON + 3 * HOUR - 1, 1), NOON + 3 * HOUR);
    expect(other.fired[1]).toMatchObject({ type: 'site.silent.recovered', since: NOON + 30 * MINUTE });
    expect(other.fired[1]).not.toHaveProperty('peak');
  });

  it('is not told to be back because silence is usual at this hour', () => {
    const trigger = watch(drop);
    trigger.read(level(drop, 100, NOON), NOON);
    trigger.read(silent(NOON + HOUR, NOON), NOON + HOUR);
    const night = level(drop, 0, NOON + 12 * HOUR, { last_hit: NOON });
    delete night.silent_after_ms;
    trigger.read(night, NOON + 12 * HOUR);
    expect(trigger).toMatchObject({ phase: 'firing', fired: [{ type: 'site.silent' }] });
  });

  it('causes no drop afterwards, while the silence is in the window', () => {
    const once = rule({ type: 'visitor_drop', readings: 1, cooldown: '0s' });
    const trigger = watch(once);
    const read = (value: number, at: number, last_hit: number) =>
      trigger.read(level(once, value, at, { last_hit }), at);
    read(100, NOON, NOON);
    read(0, NOON + HOUR, NOON);
    const back = NOON + 2 * HOUR;
    read(1, back, back);
    read(50, back + 11 * HOUR, back + 11 * HOUR);
    expect(trigger).toMatchObject({ phase: 'learning' });
    expect(trigger.fired.map(({ type }) => type)).toEqual(['site.silent', 'site.silent.recovered']);
    read(50, back + 12 * HOUR, back + 12 * HOUR);
    read(50, back + 12 * HOUR + MINUTE, back + 12 * HOUR);
    expect(trigger.fired.map(({ type }) => type)).toEqual(['site.silent', 'site.silent.recovered', 'visitor.drop']);
  });

  it('is none while nobody could have noticed a hit', () => {
    const trigger = watch(drop);
    trigger.read(level(drop, 100, NOON), NOON);
    const at = NOON + 2 * HOUR;
    trigger.read(level(drop, 30, at, { last_hit: NOON, noticing_since: at - 29 * MINUTE }), at);
    expect(trigger.fired.map(({ type }) => type)).toEqual(['visitor.drop']);
  });

  it('is none because the service was down', () => {
    const trigger = watch(drop);
    trigger.read(level(drop, 100, NOON), NOON);
    const at = NOON + 2 * HOUR;
    trigger.read(level(drop, 0, at, { last_hit: NOON, counting_since: at - 29 * MINUTE }), at);
    expect(trigger.fired).toEqual([]);
  });
});
