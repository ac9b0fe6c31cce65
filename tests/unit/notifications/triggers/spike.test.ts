import { DAY, HOUR, level, MINUTE, rule, SECOND, watch } from './support.ts';

const NOON = Date.parse('2026-03-10T12:00:00Z');

/** Reads every 10 seconds. */
function reads(of: ReturnType<typeof rule>, on: ReturnType<typeof watch>, from: number, ...values: number[]) {
  for (const [i, value] of values.entries()) {
    on.read(level(of, value, from + i * 10 * SECOND), from + i * 10 * SECOND);
  }
}

describe('a spike', () => {
  it('fires after two readings in a row, 2 seconds apart', () => {
    const spike = rule();
    const trigger = watch(spike);
    reads(spike, trigger, NOON, 0, 100);
    expect(trigger.fired).toEqual([]);
    trigger.read(level(spike, 150, NOON + 11 * SECOND), NOON + 11 * SECOND);
    expect(trigger.fired).toEqual([]);
    trigger.read(level(spike, 120, NOON + 12 * SECOND), NOON + 12 * SECOND);
    expect(trigger.fired).toEqual([
      {
        type: 'visitor.spike',
        occurred_at: NOON + 12 * SECOND,
        window: { from: NOON + 12 * SECOND - 5 * MINUTE, to: NOON + 12 * SECOND },
        value: 120,
        threshold: 100,
      },
    ]);
    expect(trigger.state).toMatchObject({ phase: 'firing', since: NOON + 12 * SECOND });
  });

  it('begins to count again after a reading below, or after a pause', () => {
    const spike = rule();
    const trigger = watch(spike);
    reads(spike, trigger, NOON, 0, 100, 99, 100);
    expect(trigger.fired).toEqual([]);
    trigger.read(level(spike, 100, NOON + 2 * MINUTE), NOON + 2 * MINUTE);
    expect(trigger.fired).toEqual([]);
  });

  it('counts a reading that is looked at twice once', () => {
    const spike = rule();
    const trigger = watch(spike);
    trigger.read(level(spike, 0, NOON), NOON);
    const reading = level(spike, 100, NOON, { every_ms: 30 * SECOND });
    for (const seconds of [1, 11, 21, 31]) trigger.read(reading, NOON + seconds * SECOND);
    expect(trigger.fired).toEqual([]);
    trigger.read({ ...reading, window: { from: NOON, to: NOON + 31 * SECOND } }, NOON + 32 * SECOND);
    expect(trigger.fired).toHaveLength(1);
  });

  it('has readings in a row that are had every few minutes, with one missing', () => {
    const spike = rule();
    const trigger = watch(spike);
    const read = (minutes: number, value = 100) => {
      const at = NOON + minutes * MINUTE;
      trigger.read(level(spike, value, at, { every_ms: 3 * MINUTE }), at);
    };
    read(0, 0);
    read(3);
    read(11);
    expect(trigger.fired).toEqual([]);
    read(17);
    expect(trigger.fired).toHaveLength(1);
  });

  it('fires at the first reading with `readings: 1`, once', () => {
    const spike = rule({ readings: 1 });
    const trigger = watch(spike);
    reads(spike, trigger, NOON, 0, 100, 200, 300, 90, 100, 81, 100);
    expect(trigger.fired.map(({ value }) => value)).toEqual([100]);
  });

  it('is told before its window was seen whole: it can only be more', () => {
    const spike = rule({ readings: 1 });
    const trigger = watch(spike);
    const young = { first_hit: NOON - MINUTE, counting_since: NOON - MINUTE };
    trigger.read(level(spike, 0, NOON, young), NOON);
    trigger.read(level(spike, 100, NOON + SECOND, young), NOON + SECOND);
    expect(trigger.fired).toHaveLength(1);
  });

  it('recovers a fifth below, after as many readings, with the peak and since when', () => {
    const spike = rule();
    const trigger = watch(spike);
    reads(spike, trigger, NOON, 0, 100, 100, 900, 80, 81, 80, 79);
    expect(trigger.fired[1]).toEqual({
      type: 'visitor.spike.recovered',
      occurred_at: NOON + 70 * SECOND,
      window: { from: NOON + 70 * SECOND - 5 * MINUTE, to: NOON + 70 * SECOND },
      value: 79,
      threshold: 100,
      since: NOON + 20 * SECOND,
      peak: 900,
    });
    expect(trigger.phase).toBe('cooling');
  });

  it('is not taken for over because nothing could be counted', () => {
    const spike = rule({ readings: 1 });
    const trigger = watch(spike);
    reads(spike, trigger, NOON, 0, 100);
    const later = NOON + 10 * MINUTE;
    expect(trigger.read(level(spike, 0, later, { counting_since: later - MINUTE }), later)).toMatchObject({
      kind: 'hold',
      missing: 'gap',
    });
    expect(trigger.phase).toBe('firing');
    trigger.read(level(spike, 0, later + 5 * MINUTE, { counting_since: later - MINUTE }), later + 5 * MINUTE);
    expect(trigger.fired.map(({ type }) => type)).toEqual(['visitor.spike', 'visitor.spike.recovered']);
  });

  it('fires again only after its cool-down', () => {
    const spike = rule({ readings: 1, cooldown: '1h' });
    const trigger = watch(spike);
    reads(spike, trigger, NOON, 0, 100, 0, 100, 100);
    expect(trigger.fired).toHaveLength(2);
    const over = NOON + 20 * SECOND + HOUR;
    trigger.read(level(spike, 100, over - 1), over - 1);
    expect(trigger.phase).toBe('cooling');
    trigger.read(level(spike, 100, over), over);
    expect(trigger.phase).toBe('armed');
    trigger.read(level(spike, 100, over + SECOND), over + SECOND);
    expect(trigger.fired).toHaveLength(3);
  });

  it('is armed at once without a cool-down', () => {
    const spike = rule({ readings: 1, cooldown: '0s' });
    const trigger = watch(spike);
    reads(spike, trigger, NOON, 0, 100, 80);
    expect(trigger.phase).toBe('armed');
  });

  it.each([
    ['never', []],
    ['hourly', [1, 2]],
    ['daily', []],
  ] as const)('repeats %s while it holds', (repeat, repetitions) => {
    const spike = rule({ readings: 1, repeat });
    const trigger = watch(spike);
    reads(spike, trigger, NOON, 0, 100);
    for (let at = NOON + MINUTE; at < NOON + 2 * HOUR + 5 * MINUTE; at += MINUTE)
      trigger.read(level(spike, 100, at), at);
    expect(trigger.fired.slice(1)).toEqual(
      repetitions.map((repetition) =>
        expect.objectContaining({ type: 'visitor.spike', repetition, since: NOON + 10 * SECOND }),
      ),
    );
  });

  it('does not repeat between the threshold and the level where it is over', () => {
    const spike = rule({ readings: 1, repeat: 'hourly' });
    const trigger = watch(spike);
    reads(spike, trigger, NOON, 0, 100);
    trigger.read(level(spike, 90, NOON + 2 * HOUR), NOON + 2 * HOUR);
    expect(trigger.fired).toHaveLength(1);
  });

  it('keeps its state over an edit, unless something else is measured', () => {
    const trigger = watch(rule({ readings: 1 }));
    reads(rule({ readings: 1 }), trigger, NOON, 0, 100);
    const renamed = rule({ readings: 1, name: 'other', threshold: 50 });
    trigger.read(level(renamed, 100, NOON + MINUTE), NOON + MINUTE, renamed);
    expect(trigger).toMatchObject({ phase: 'firing', fired: [{ value: 100 }] });
    const longer = rule({ readings: 1, window: '10m' });
    trigger.read(level(longer, 100, NOON + 2 * MINUTE), NOON + 2 * MINUTE, longer);
    expect(trigger.phase).toBe('armed');
  });

  it.each([
    ['it is disabled', { enabled: false }, {}],
    ['nobody is to be told', { destinations: [] }, {}],
    ['its site is disabled', {}, { enabled: false }],
  ])('is off while %s', (_, changes, siteChanges) => {
    const off = rule({ readings: 1, ...changes }, siteChanges);
    const trigger = watch(off);
    reads(off, trigger, NOON, 0, 200);
    expect(trigger).toMatchObject({ phase: 'off', fired: [] });
    expect(trigger.decisions.map(({ kind }) => kind)).toEqual(['move', 'hold']);
    const on = rule({ readings: 1 });
    trigger.read(level(on, 200, NOON + MINUTE), NOON + MINUTE, on);
    expect(trigger.phase).toBe('armed');
  });
});

describe('a spike in quiet hours', () => {
  const quiet = rule({ readings: 1, quiet_hours: { from: '22:00', to: '07:00' } });
  const NIGHT = Date.parse('2026-03-10T23:00:00+01:00');
  const MORNING = Date.parse('2026-03-11T07:00:00+01:00');

  it('is told at their end if it still holds, with since', () => {
    const trigger = watch(quiet);
    reads(quiet, trigger, NIGHT, 0, 200, 300);
    expect(trigger).toMatchObject({ phase: 'muted', fired: [] });
    trigger.read(level(quiet, 150, MORNING - 1), MORNING - 1);
    trigger.read(level(quiet, 150, MORNING), MORNING);
    expect(trigger.fired).toEqual([
      expect.objectContaining({ type: 'visitor.spike', value: 150, since: NIGHT + 10 * SECOND, occurred_at: MORNING }),
    ]);
  });

  it.each([
    ['at their end', MORNING],
    ['before', NIGHT + HOUR],
  ])('is told nobody when it is over %s', (_, over) => {
    const trigger = watch(quiet);
    reads(quiet, trigger, NIGHT, 0, 200);
    trigger.read(level(quiet, 10, over), over);
    expect(trigger).toMatchObject({ phase: 'armed', fired: [] });
  });

  it('that was told before is not told to be over, nor again', () => {
    const trigger = watch(rule({ readings: 1, repeat: 'hourly', quiet_hours: { from: '22:00', to: '07:00' } }));
    reads(quiet, trigger, NIGHT - 2 * HOUR, 0, 200);
    reads(quiet, trigger, NIGHT, 200, 10);
    expect(trigger).toMatchObject({ phase: 'firing', fired: [{ value: 200 }] });
    trigger.read(level(quiet, 10, MORNING), MORNING);
    expect(trigger.fired[1]).toMatchObject({ type: 'visitor.spike.recovered', occurred_at: MORNING });
  });
});

describe('a spike against what is usual', () => {
  const relative = rule({ readings: 1, threshold: 0, relative_threshold: 3 });

  it('learns until the usual value is known', () => {
    const trigger = watch(relative);
    expect(trigger.read(level(relative, 500, NOON), NOON)).toMatchObject({ kind: 'move', missing: 'baseline' });
    expect(trigger.phase).toBe('learning');
    trigger.read(level(relative, 100, NOON + DAY, { baseline: 120 }), NOON + DAY);
    trigger.read(level(relative, 359, NOON + DAY + 1, { baseline: 120 }), NOON + DAY + 1);
    expect(trigger.fired).toEqual([]);
    trigger.read(level(relative, 360, NOON + DAY + 2, { baseline: 120 }), NOON + DAY + 2);
    expect(trigger.fired).toEqual([expect.objectContaining({ value: 360, threshold: 360, baseline: 120 })]);
  });

  it('takes at least 10 visitors: small numbers vary by chance', () => {
    const trigger = watch(relative);
    reads(relative, trigger, NOON);
    trigger.read(level(relative, 0, NOON, { baseline: 0.5 }), NOON);
    trigger.read(level(relative, 9, NOON + 1, { baseline: 0.5 }), NOON + 1);
    expect(trigger.fired).toEqual([]);
    trigger.read(level(relative, 10, NOON + 2, { baseline: 0.5 }), NOON + 2);
    expect(trigger.fired).toHaveLength(1);
  });
});
