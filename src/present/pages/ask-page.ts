/** `/gate/ask`: what would be asked for, what stands in the way, and the form. */
import type { AccessAdvice } from '../../core/access-advice.ts';
import { accessForm } from './access-form.ts';
import type { AccessForm } from './access-form.ts';
import { adviceText, deedText } from './access-words.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import { accountCard, alertBox } from './parts.ts';
import type { Account } from './parts.ts';

export interface AskPage {
  readonly advice: AccessAdvice;
  readonly current: Account;
  readonly form: AccessForm;
  /** Why the last attempt failed. */
  readonly problem: string | undefined;
  readonly home: string;
}

export function askPage({ advice, current, form, problem, home }: AskPage): string {
  return layout({
    title: 'Ask for access',
    body: html`<h1>Ask for access</h1>
      ${alertBox(problem)}
      <p>You may not ${deedText(advice.thing)}.</p>
      ${adviceText(advice)} ${accountCard(current)} ${accessForm(form)}
      <p class="links"><a href="${home}">Start page</a></p>`,
  });
}
