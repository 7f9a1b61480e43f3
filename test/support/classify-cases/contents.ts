/** Cases of the route table: files and directories. */
import { row } from './case.ts';
import type { Case } from './case.ts';

export const CONTENTS: readonly Case[] = [
  row('GET /api/contents', 'contents.get', 'read contents /'),
  row('GET /api/contents/', 'contents.get', 'read contents /', { to: '/api/contents' }),
  row('GET /api/contents?content=1&hash=0&1730000000000', 'contents.get', 'read contents /', {
    to: '/api/contents?content=1&hash=0',
  }),
  row('GET /api/contents/pub/a.txt', 'contents.get', 'read contents /pub/a.txt'),
  row(
    'GET /api/contents/pub/open.ipynb?type=notebook&content=1&hash=1&contentProviderId=undefined&1730',
    'contents.get',
    'read contents /pub/open.ipynb',
    {
      to: '/api/contents/pub/open.ipynb?type=notebook&content=1&hash=1&contentProviderId=undefined',
    },
  ),
  row('GET /api/contents/pub?type=directory&_=1730000000', 'contents.get', 'read contents /pub', {
    to: '/api/contents/pub?type=directory',
  }),
  row('PUT /api/contents/pub/a.txt', 'contents.save', 'write contents /pub/a.txt'),
  row('POST /api/contents/pub', 'contents.create', 'write contents /pub/untitled', {
    sends: { type: 'file' },
  }),
  row('POST /api/contents/pub', 'contents.create', 'write contents /pub/untitled.txt', {
    body: { type: 'file', ext: '.txt', path: 'pub' },
    sends: { type: 'file' },
  }),
  row(
    'POST /api/contents/pub',
    'contents.create',
    ['write contents /pub/a.ipynb', 'read contents /priv/a.ipynb'],
    {
      body: { copy_from: '/priv/a.ipynb' },
      sends: { copy_from: 'priv/a.ipynb' },
    },
  ),
  row(
    'PATCH /api/contents/pub/a.txt',
    'contents.rename',
    ['write contents /pub/a.txt', 'write contents /new/b.txt', 'read contents /pub/a.txt'],
    {
      body: { path: 'new/b.txt' },
    },
  ),
  row('DELETE /api/contents/pub/a.txt', 'contents.delete', 'write contents /pub/a.txt'),
  row('GET /api/contents/a.ipynb/checkpoints?1730000', 'checkpoints.list', 'read checkpoints /a.ipynb', {
    to: '/api/contents/a.ipynb/checkpoints',
  }),
  row('POST /api/contents/a.ipynb/checkpoints', 'checkpoints.create', 'write checkpoints /a.ipynb'),
  row('POST /api/contents/a.ipynb/checkpoints/checkpoint', 'checkpoints.restore', [
    'write checkpoints /a.ipynb',
    'write contents /a.ipynb',
  ]),
  row(
    'DELETE /api/contents/a.ipynb/checkpoints/checkpoint',
    'checkpoints.delete',
    'write checkpoints /a.ipynb',
  ),
  row('POST /api/contents/a.ipynb/trust', 'contents.trust', [
    'write trust /a.ipynb',
    'write contents /a.ipynb',
  ]),
  row(
    'GET /files/pub/a%20b.png?download=1&_xsrf=2%7Cx',
    'files.get',
    ['read files /pub/a b.png', 'read contents /pub/a b.png'],
    {
      to: '/files/pub/a%20b.png?download=1',
    },
  ),
  row('HEAD /files/pub/a.png', 'files.get', ['read files /pub/a.png', 'read contents /pub/a.png']),
  row('GET /view/pub/a.html', 'files.view', ['read files /pub/a.html', 'read contents /pub/a.html']),
  row('GET /nbclassic/view/pub/a.html', 'files.view', [
    'read files /pub/a.html',
    'read contents /pub/a.html',
  ]),
  row('GET /api/nbconvert', 'nbconvert.formats', 'read nbconvert'),
  row(
    'GET /nbconvert/html/pub/a.ipynb?download=true&token=x',
    'nbconvert.export',
    ['read nbconvert /pub/a.ipynb', 'read contents /pub/a.ipynb'],
    {
      to: '/nbconvert/html/pub/a.ipynb?download=true',
    },
  ),
  ...['pdf', 'webpdf', 'latex', 'script', 'custom', 'Script'].map((format) =>
    row(`GET /nbconvert/${format}/pub/a.ipynb`, 'nbconvert.run', [
      'execute nbconvert /pub/a.ipynb',
      'read contents /pub/a.ipynb',
    ]),
  ),
  row('POST /nbconvert/html', 'nbconvert.convert', 'execute nbconvert'),
];
