import { expect } from 'chai';
import { createLocalTime } from '../../../src/gate/local-time.ts';

describe('local time', () => {
  const at = (zone: string, instant: string): string =>
    createLocalTime({ now: () => Date.parse(instant) }, zone)();

  it('is RFC 3339 with the offset of the zone', () => {
    expect(at('UTC', '2026-03-01T09:15:00.999Z')).to.equal('2026-03-01T09:15:00+00:00');
    expect(at('Europe/Berlin', '2026-01-31T23:30:00Z')).to.equal('2026-02-01T00:30:00+01:00');
    expect(at('America/St_Johns', '2026-01-01T00:00:00Z')).to.equal('2025-12-31T20:30:00-03:30');
    expect(at('Asia/Kathmandu', '2026-01-01T00:00:00Z')).to.equal('2026-01-01T05:45:00+05:45');
    expect(at('Asia/Tokyo', '2026-01-01T15:00:00Z'), 'midnight is 00, not 24').to.equal(
      '2026-01-02T00:00:00+09:00',
    );
  });

  it('follows the clock change, in both directions', () => {
    expect(at('Europe/Berlin', '2026-03-29T00:59:59Z')).to.equal('2026-03-29T01:59:59+01:00');
    expect(at('Europe/Berlin', '2026-03-29T01:00:00Z')).to.equal('2026-03-29T03:00:00+02:00');
    expect(at('Europe/Berlin', '2026-10-25T00:30:00Z')).to.equal('2026-10-25T02:30:00+02:00');
    expect(at('Europe/Berlin', '2026-10-25T01:30:00Z')).to.equal('2026-10-25T02:30:00+01:00');
  });

  it('moves with its clock, forwards and back', () => {
    let now = Date.parse('2026-03-01T09:15:00Z');
    const time = createLocalTime({ now: () => now }, 'UTC');
    expect(time()).to.equal('2026-03-01T09:15:00+00:00');
    now += 999;
    expect(time()).to.equal('2026-03-01T09:15:00+00:00');
    now += 1;
    expect(time()).to.equal('2026-03-01T09:15:01+00:00');
    now -= 3_600_000;
    expect(time()).to.equal('2026-03-01T08:15:01+00:00');
  });

  it('is refused for a zone there is not', () => {
    expect(() => createLocalTime({ now: () => 0 }, 'Mars/Olympus')).to.throw(RangeError);
  });

  it('reads back as the same instant, all through two years, in zones near and far', () => {
    for (const zone of ['Europe/London', 'Australia/Lord_Howe', 'America/New_York', 'Pacific/Apia']) {
      for (let day = 0; day < 730; day += 7) {
        const instant = Date.parse('2025-01-01T13:59:59Z') + day * 86_400_000;
        expect(Date.parse(createLocalTime({ now: () => instant }, zone)()), zone).to.equal(instant);
      }
    }
  });
});
