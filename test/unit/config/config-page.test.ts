import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { configPage } from '../../../src/config/config-page.ts';
import { describeOptions } from '../../../src/config/describe-options.ts';
import { OPTIONS, OPTION_KEYS, environmentName } from '../../../src/config/options.ts';
import { packageRoot } from '../../../src/core/package-root.ts';

describe('the documentation of options', () => {
  it('equals docs/config.md; otherwise `npm run docs:config` writes it', () => {
    expect(readFileSync(join(packageRoot(), 'docs', 'config.md'), 'utf8')).to.equal(configPage());
  });

  it('names every option in all its forms', () => {
    const page = configPage();
    for (const row of OPTION_KEYS.map((key) => OPTIONS[key])) {
      expect(page).to.contain(`\`${row.name}\``.replace('`config`', '`--config PATH`'));
      if (row.places.includes('environment')) expect(page).to.contain(`\`${environmentName(row)}\``);
      if (row.places.includes('flag')) expect(describeOptions()).to.contain(`--${row.name}`);
    }
  });

  it('does not hang on the machine it is written on', () => {
    expect(configPage()).not.to.contain(packageRoot());
    expect(configPage()).not.to.contain(`\`${Intl.DateTimeFormat().resolvedOptions().timeZone}\` |`);
  });
});
