/** The sign of the gate: an arch with its portcullis half raised. */
import { trusted } from './html.ts';

const ARCH = 'M9 43V22a15 15 0 0 1 30 0v21';
const BARS = 'M17 14v15m7-18v20m7-17v15M11 22h26';

/** Drawn in the accent and text colours of the page; of no meaning to a screen reader. */
export const LOGO = trusted(
  '<svg class="logo" viewBox="0 0 48 48" width="44" height="44" fill="none" stroke-linecap="round" aria-hidden="true">' +
    `<path class="bars" d="${BARS}" stroke-width="2.5"/><path class="arch" d="${ARCH}" stroke-width="4.5"/></svg>`,
);

/** The same for the tab of the browser, where no style sheet reaches. */
export const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" fill="none" stroke-linecap="round" stroke="#d9641e">' +
    `<path d="${BARS}" stroke-width="3"/><path d="${ARCH}" stroke-width="5"/></svg>`,
)}`;
