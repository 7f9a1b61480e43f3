import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { AppError } from '../../../../src/core/errors.ts';
import { errorPage } from '../../../../src/present/pages/error-page.ts';
import { html } from '../../../../src/present/pages/html.ts';
import { PAGE_HEADERS } from '../../../../src/present/pages/layout.ts';

describe('html', () => {
  it('escapes what is put in, and leaves nested templates as they are', () => {
    const name = `<b>"it's" & more</b>`;
    expect(html`<p title="${name}">${html`<i>${name}</i>`}</p>`.toString()).to.equal(
      '<p title="&lt;b&gt;&quot;it&#39;s&quot; &amp; more&lt;/b&gt;"><i>&lt;b&gt;&quot;it&#39;s&quot; &amp; more&lt;/b&gt;</i></p>',
    );
  });

  it('joins lists and leaves out what is not there', () => {
    expect(html`${['a', html`<hr />`, 1]}${undefined}${false}`.toString()).to.equal('a<hr />1');
  });
});

describe('a page', () => {
  const error = new AppError('UPSTREAM_FAILED', {
    detail: 'received `<html>`',
    cause: new Error('token=secret'),
  });
  const page = errorPage(error, { baseUrl: '/lab/', account: 'Alice', requestId: 'r1' });

  it('has exactly the style sheet that its policy names', () => {
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(PAGE_HEADERS['content-security-policy']).to.contain(`'sha256-${hash}'`);
  });

  it('shows message, detail, hint and code of an error, and never its cause', () => {
    expect(page)
      .to.contain('The Jupyter Server broke off')
      .and.to.contain('Received &lt;html&gt;.')
      .and.to.contain('UPSTREAM_FAILED');
    expect(page).to.contain('href="/lab/gate/login"').and.to.contain('r1').and.to.contain('Alice');
    expect(page).not.to.contain('secret');
  });
});
