/** Addresses that two programs may read in two ways, by hand: most were once a hole in some proxy. */
import { HIDDEN } from '../world.ts';
import { encoded, get, utf8, words } from './attack.ts';
import type { Attack } from './attack.ts';

/** Below a row that takes a path: each leads Jupyter, or a program that decodes once too often, out of `/pub`. */
const PATHS = [
  '/pub/../priv/secret.ipynb',
  '/pub/%2e%2e/priv/secret.ipynb',
  '/pub/%2E%2e/priv/secret.ipynb',
  '/pub/.%2e/priv/secret.ipynb',
  '/pub/%2e./priv/secret.ipynb',
  '/pub/..%2fpriv%2fsecret.ipynb',
  '/pub/..%2Fpriv/secret.ipynb',
  '/pub%2f..%2fpriv%2fsecret.ipynb',
  '/pub%2f%2e%2e%2fpriv%2fsecret.ipynb',
  '/pub/nonexist/../../priv/secret.ipynb',
  '/pub/a.txt/../../priv/secret.ipynb',
  '/pub/ada/../../priv/secret.ipynb',
  '/pub/ada/%2e%2e/%2e%2e/root.ipynb',
  '/pub/%252e%252e/priv/secret.ipynb',
  '/pub/%252e%252e%252fpriv%252fsecret.ipynb',
  '/pub/%25252e%25252e/priv/secret.ipynb',
  '/pub/..;/priv/secret.ipynb',
  '/pub/..%3b/priv/secret.ipynb',
  '/pub/..%00/priv/secret.ipynb',
  '/pub/..%20/priv/secret.ipynb',
  '/pub/..%09/priv/secret.ipynb',
  '/pub/%c0%ae%c0%ae/priv/secret.ipynb',
  '/pub/%e0%80%ae%e0%80%ae/priv/secret.ipynb',
  '/pub/..%c0%afpriv/secret.ipynb',
  '/pub/%u002e%u002e/priv/secret.ipynb',
  `/pub/${encodeURIComponent('\uff0e\uff0e')}/priv/secret.ipynb`,
  `/pub/..${encodeURIComponent('\u2215')}priv/secret.ipynb`,
  '/pub/..\\priv\\secret.ipynb',
  '/pub/..%5cpriv%5csecret.ipynb',
  '/pub\\..\\priv\\secret.ipynb',
  '/pub//../priv/secret.ipynb',
  '/pub/%2f../priv/secret.ipynb',
  '/pub/./../priv/secret.ipynb',
  '/./priv/secret.ipynb',
  '/%2e/priv/secret.ipynb',
  '/%2fpriv/secret.ipynb',
  '//priv/secret.ipynb',
  '/%70riv/%73ecret.ipynb',
  '/priv%2fsecret.ipynb',
  '/priv/secret.ipynb%2f',
  '/priv/secret.ipynb/',
  '/priv/secret.ipynb%00',
  '/priv/secret.ipynb%00.txt',
  '/pub/a.txt%00/../../priv/secret.ipynb',
  '/priv/secret.ipynb%23/pub/a.txt',
  '/priv/secret.ipynb#/pub/a.txt',
  '/priv/secret.ipynb%3f/pub/a.txt',
  '/priv/secret.ipynb;/pub/a.txt',
  '/priv/secret.txt',
  '/priv/secret.txt.',
  '/priv/secret.txt%20',
  '/priv/deep/../secret.txt',
  '/priv/.ipynb_checkpoints/secret-checkpoint.ipynb',
  '/pub/../priv/%2eipynb_checkpoints/secret-checkpoint.txt',
  '/priv/.hidden.txt',
  '/pub/../../outside.txt',
  '/%2e%2e/outside.txt',
  '/pub/../../root-sibling/s.txt',
  '/..%2froot-sibling/s.txt',
  '/pub/../../../../../../../../etc/passwd',
  '/%2fetc/passwd',
  '/~/outside.txt',
  '/~root/outside.txt',
  '/pub/~/../priv/secret.txt',
  '/RTC:priv/secret.txt',
  '/RTC%3Apriv/secret.txt',
  '/RTC:pub/../priv/secret.txt',
  '/GDrive:priv/secret.txt',
  '/C:/priv/secret.txt',
  '/file:/priv/secret.txt',
  '/pub/a.txt::$DATA',
  '/PRIV~1/secret.txt',
  '/Priv/secret.txt',
  '/PUB/../priv/secret.txt',
  '/pub/trust/../../priv/secret.txt',
  '/pub/checkpoints/../../priv/secret.txt',
  '/pub',
  '/pub/..',
  '/pub/ada/../..',
  '/pub/%2e%2e',
  '/pub/..%2f',
  '/..',
  '/',
  '',
  '/priv',
  '/priv/',
  '/priv/deep/er',
] as const;

/** What takes a path, with what follows it. */
const ROWS: readonly (readonly [before: string, after: string])[] = [
  ['/api/contents', '?content=1&hash=1'],
  ['/api/contents', '?type=directory'],
  ['/api/contents', '?type=file&format=base64'],
  ['/api/contents', '/checkpoints'],
  ['/api/contents', '%2fcheckpoints'],
  ['/files', '?_xsrf=a'],
  ['/files', '?download=1'],
  ['/view', ''],
  ['/edit', ''],
  ['/notebooks', ''],
  ['/tree', ''],
  ['/nbclassic/edit', ''],
  ['/nbclassic/tree', ''],
  ['/lab/tree', ''],
  ['/doc/tree', ''],
  ['/lab/workspaces/w/tree', ''],
  ['/nbconvert/python', '?download=true'],
  ['/bundle', '?bundler=tarball'],
  ['/static', ''],
  ['/custom', ''],
  ['/nbextensions', ''],
  ['/lab/api/themes', ''],
  ['/lab/extensions', ''],
  ['/lab/api/settings', ''],
  ['/lab/api/workspaces', ''],
  ['/kernelspecs/python3', ''],
  ['/kernelspecs/..%2f..', ''],
  ['/consoles', ''],
  ['/git', '/content'],
  ['/proxy/80', ''],
  ['/api/collaboration/session', ''],
  ['/api/notebooks', ''],
];

export function hostileTargets(): readonly Attack[] {
  const crossed = ROWS.flatMap(([before, after], row) =>
    PATHS.filter((_, at) => row < 6 || at % 3 === row % 3).map((path) => get(before + path + after)),
  );
  const straight = HIDDEN.flatMap((path) => [
    get(`/api/contents/${encoded(path)}`),
    get(`/files/${encoded(path)}`),
    get(`/api/contents/${path.replaceAll('/', '%2F')}?hash=1`.replaceAll(/[^!-~]/g, encodeURIComponent)),
  ]);
  return [...crossed, ...straight, ...addresses().map(get)];
}

function addresses(): readonly string[] {
  const secret = '/api/contents/priv/secret.txt';
  return words(`
      /%61pi/contents/priv/secret.txt /api%2fcontents/priv/secret.txt /api//contents/priv/secret.txt /${secret}
      /.${secret} /pub/..${secret} /static/..${secret} /static/%2e%2e${secret} http://{host}${secret}
      http://evil.example${secret} //evil.example${secret} @{host}${secret} http://{host}@evil.example${secret}
      https://{host}${secret} HTTP://{host}${secret} ws://{host}${secret} \\${secret} /\\{host}${secret} * {host}
      ${secret.slice(1)} ?${secret} /?${secret} #${secret} ${secret}?content=0&content=1
      ${secret}?content=1&content=0 ${secret}?content=0;content=1 ${secret}?type=file&type=notebook
      ${secret}?%74ype=file ${secret}?type=%20file ${secret}?type=file%00
      /api/contents/pub/a.txt?path=priv/secret.txt /api/contents/pub/a.txt?path=../priv/secret.txt
      /api/contents/pub/a.txt?/../../priv/secret.txt /api/contents/pub/a.txt?/../priv/secret.txt#x
      /api/contents/pub?content=1&type=directory&hash=1&token= /api/contents?content=1&depth=9&recursive=1
      /api/contents/pub/a.txt?token=bad /api/contents/priv/secret.txt?token=bad /lab?token=bad /lab?_xsrf=a
      /api/resolvePath?path=priv/secret.txt /api/resolvePath?path=pub/../priv/secret.txt
      /api/resolvePath?path=~/outside.txt /api/resolvePath?path=%2fetc%2fpasswd /api/resolvePath?path=~root
      /api/resolvePath?path=pub/a.txt&path=priv/secret.txt /api/resolvePath?path=pub/a.txt&p%61th=priv/secret.txt
      /api/resolvePath?path=s.txt&kernel={kernel} /api/resolvePath?path=../root-sibling/s.txt
      /api/fileid/id?path=priv/secret.txt /api/fileid/path?id=1 /api/kernels /api/sessions /api/terminals
      /api/status /api/me /api/kernelspecs /metrics /api/kernels/{kernel} /api/sessions/{session}
      /api/terminals/{terminal} /terminals/{terminal} /api/kernels/{kernel}%2f
      /api/kernels/%7Bkernel%7D/../{kernel} /api/kernels/./{kernel} /api/sessions/{session}/
      /api/sessions/%2e/{session} /nbclassic/terminals/{terminal} /api/kernelspecs/python3
      /api/kernelspecs/%70ython3 /api/kernelspecs/python%2533 /kernelspecs/python3/kernel.json
      /kernelspecs/python3/../python3/kernel.json /kernelspecs/python3/kernel.json%3fx.png
      /kernelspecs/python3/KERNEL.JSON /kernelspecs/python3/kernel.json/x.png /kernelspecs/python3/kernel%2ejson
      /kernelspecs/python3%2fkernel.json/logo.png /lab/api/workspaces/canary /lab/api/workspaces
      /lab/api/workspaces/..%2fcanary /lab/workspaces/canary /api/config/canary /api/config/..%2fcanary
      /api/config/canary?x /lab/api/settings/@canary%2fplugin:settings /lab/nothing /lab/tree /labX /treeX
      /notebooksX/priv/secret.ipynb /editX /api/contentsX /nothing /api/nothing /files/ /view/ /logout?next=//evil
      /login?next=/priv /api/specXyaml /voila/render/priv/secret.ipynb /nbdime/api/diff?base=priv/secret.ipynb
      /proxy/{host}/api/contents/priv /proxy/absolute/80/api/contents/priv /server-proxy/servers-info /lsp/status
      /lab/api/listings/@x/a.json /lab/api/licenses/ /lab/api/extensions /lab/api/build /lab/api/plugins
      /lab/api/translations/..%2fx`).map((target) => utf8(target));
}
