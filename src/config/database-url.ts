/** The value of `--database`: a file of SQLite or a PostgreSQL server. */
import * as kinds from './kinds.ts';
import type { Kind } from './kinds.ts';

export const databaseUrl: Kind<string> = {
  ...kinds.text,
  placeholder: 'URL',
  expected: '`sqlite:PATH` or `postgres://account@host/database`',
  read(input, base) {
    const value = kinds.text.read(input, base);
    if (value?.startsWith('sqlite:')) {
      const file = kinds.path.read(value.slice('sqlite:'.length), base);
      return file === undefined ? undefined : `sqlite:${file}`;
    }
    return value !== undefined && /^postgres(ql)?:\/\/[^/]/.test(value) && URL.canParse(value)
      ? value
      : undefined;
  },
  show(value) {
    if (value.startsWith('sqlite:')) return value;
    const url = new URL(value);
    if (url.password !== '') url.password = '***';
    if (url.searchParams.has('password')) url.searchParams.set('password', '***');
    return url.href;
  },
};
