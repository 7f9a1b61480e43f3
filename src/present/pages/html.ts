/** HTML from templates: whatever is put into one is escaped, unless it is HTML from a template itself. */

/** Text that may stand in a page as it is; only `html` makes it, or somebody who knows why. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What a template takes: nothing is shown for `undefined` and `false`. */
export type Fragment = Html | string | number | undefined | false | readonly Fragment[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** `text` for use between tags or inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Template tag. Attribute values in the template must be quoted: `<a href="${link}">`. */
export function html(strings: TemplateStringsArray, ...values: readonly Fragment[]): Html {
  const text = strings
    .map((part, index) => part + (index < values.length ? render(values[index]) : ''))
    .join('');
  return trusted(text);
}

/** Marks text as HTML without escaping it: for constants of our own. */
export function trusted(text: string): Html {
  return new Html(text);
}

function render(value: Fragment): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  if (value instanceof Html) return value.toString();
  return value.map(render).join('');
}
