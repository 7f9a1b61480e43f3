import { expect } from 'chai';
import { classify, detailOf, outcome } from '../../support/classify.ts';

/** Below `/api/contents`: what was observed to reach the file on jupyter_server 2.21, and what becomes of it here. */
const OBSERVED: readonly (readonly [string, string])[] = [
  ['/pub/../priv/secret.ipynb', 'PATH_INVALID'],
  ['/pub/%2e%2e/priv/secret.ipynb', 'PATH_INVALID'],
  ['/pub/..%2fpriv%2fsecret.ipynb', 'PATH_INVALID'],
  ['/pub%2f..%2fpriv%2fsecret.ipynb', 'PATH_INVALID'],
  ['/pub/nonexist/../a.txt', 'PATH_INVALID'],
  ['/pub/a.txt/..', 'PATH_INVALID'],
  ['/pub/%252e%252e/priv', 'contents.get /api/contents/pub/%252e%252e/priv'],
  ['/%2e%2e/etc/passwd', 'PATH_INVALID'],
  ['/pub//a.txt', 'TARGET_INVALID'],
  ['//pub/a.txt', 'TARGET_INVALID'],
  ['/pub/%2fa.txt', 'PATH_INVALID'],
  ['/pub/a.txt%2f', 'contents.get /api/contents/pub/a.txt'],
  ['/pub/a.txt%2F%2F', 'contents.get /api/contents/pub/a.txt'],
  ['/pub/a.txt/', 'ROUTE_UNKNOWN'],
  ['/pub/./a.txt', 'PATH_INVALID'],
  ['/pub/%2e/a.txt', 'PATH_INVALID'],
  ['/%70ub/%61.txt', 'contents.get /api/contents/pub/a.txt'],
  ['/pub\\a.txt', 'TARGET_INVALID'],
  ['/pub/back%5cslash.txt', 'PATH_INVALID'],
  ['/pub/x;y.txt', 'contents.get /api/contents/pub/x%3By.txt'],
  ['/pub/x%3by.txt', 'contents.get /api/contents/pub/x%3By.txt'],
  ['/pub/a.txt;foo=bar', 'contents.get /api/contents/pub/a.txt%3Bfoo%3Dbar'],
  ['/pub/a.txt%00', 'PATH_INVALID'],
  ['/pub/%00.ipynb', 'PATH_INVALID'],
  ['/pub/a%0a.txt', 'PATH_INVALID'],
  ['/pub/a%7f.txt', 'PATH_INVALID'],
  ['/pub/a.txt%3fcontent=1', 'contents.get /api/contents/pub/a.txt%3Fcontent%3D1'],
  ['/pub/a.txt%23frag', 'contents.get /api/contents/pub/a.txt%23frag'],
  ['/pub/a.txt#frag', 'TARGET_INVALID'],
  ['/pub/A.TXT', 'contents.get /api/contents/pub/A.TXT'],
  ['/%c3%a9.txt', 'contents.get /api/contents/%C3%A9.txt'],
  ['/e%cc%81.txt', 'contents.get /api/contents/e%CC%81.txt'],
  ['/%e9.txt', 'PATH_INVALID'],
  ['/%ff', 'PATH_INVALID'],
  ['/%c0%ae%c0%ae/x', 'PATH_INVALID'],
  ['/%ed%a0%80', 'PATH_INVALID'],
  ['/a+b.txt', 'contents.get /api/contents/a%2Bb.txt'],
  ['/%', 'PATH_INVALID'],
  ['/%zz', 'PATH_INVALID'],
  ['/.hid/h.txt', 'contents.get /api/contents/.hid/h.txt'],
  ['/%2ehid/h.txt', 'contents.get /api/contents/.hid/h.txt'],
  ['/RTC:pub/a.txt', 'contents.get /api/contents/RTC%3Apub/a.txt'],
  ['/pub/[1]|^.txt', 'contents.get /api/contents/pub/%5B1%5D%7C%5E.txt'],
  ['/pub/checkpoints', 'checkpoints.list /api/contents/pub/checkpoints'],
  ['/pub%2fcheckpoints', 'contents.get /api/contents/pub/%63heckpoints'],
  ['/x.ipynb/%63heckpoints', 'contents.get /api/contents/x.ipynb/%63heckpoints'],
  ['/x.ipynb%2fcheckpoints%2fabc', 'contents.get /api/contents/x.ipynb/%63heckpoints/abc'],
  ['/checkpoints/a.b', 'contents.get /api/contents/%63heckpoints/a.b'],
  ['/pub/trust', 'METHOD_UNKNOWN'],
  ['/pub%2ftrust', 'contents.get /api/contents/pub/%74rust'],
  ['/pub/caf\u00e9.txt', 'TARGET_INVALID'],
];

const OTHERS: readonly (readonly [string, string])[] = [
  ['GET /%61pi/contents/pub/a.txt', 'ROUTE_UNKNOWN'],
  ['GET /api%2fcontents/pub/a.txt', 'ROUTE_UNKNOWN'],
  ['GET /api//contents/pub/a.txt', 'TARGET_INVALID'],
  ['GET //api/contents/pub/a.txt', 'TARGET_INVALID'],
  ['GET /./api/contents/pub/a.txt', 'PATH_INVALID'],
  ['GET /foo/../api/contents/pub/a.txt', 'PATH_INVALID'],
  ['GET http://elsewhere/api/contents', 'TARGET_INVALID'],
  ['GET *', 'TARGET_INVALID'],
  ['CONNECT host:80', 'TARGET_INVALID'],
  ['GET /API/contents', 'ROUTE_UNKNOWN'],
  ['GET /api/Contents', 'ROUTE_UNKNOWN'],
  ['GET /api/specXyaml', 'ROUTE_UNKNOWN'],
  ['GET /api/contentsX', 'ROUTE_UNKNOWN'],
  ['GET /treeX', 'ROUTE_UNKNOWN'],
  ['GET /tree/pub/%2e%2e/priv', 'PATH_INVALID'],
  ['GET /tree//pub', 'TARGET_INVALID'],
  ['GET /lab/anything', 'ROUTE_UNKNOWN'],
  ['GET /lab/api/anything', 'ROUTE_UNKNOWN'],
  ['GET /api/notebooks/pub/a.ipynb', 'ROUTE_UNKNOWN'],
  ['GET /login', 'ROUTE_UNKNOWN'],
  ['POST /login', 'ROUTE_UNKNOWN'],
  ['GET /logout', 'ROUTE_UNKNOWN'],
  ['GET /gate/denied', 'ROUTE_UNKNOWN'],
  ['GET /voila/render/a.ipynb', 'ROUTE_UNKNOWN'],
  ['GET /api/contents/pub/%2fpriv/a', 'PATH_INVALID'],
  ['GET /files//pub/a.txt', 'TARGET_INVALID'],
  ['GET /files/%2fetc/passwd', 'PATH_INVALID'],
  ['GET /files/', 'ROUTE_UNKNOWN'],
  ['GET /files/%2f', 'PATH_INVALID'],
  ['OPTIONS /api/contents', 'METHOD_UNKNOWN'],
  ['TRACE /api/contents', 'METHOD_UNKNOWN'],
  ['get /api/contents', 'METHOD_UNKNOWN'],
  ['PROPFIND /api/contents', 'METHOD_UNKNOWN'],
  ['OPTIONS /proxy/8080/', 'METHOD_UNKNOWN'],
  ['HEAD /api/contents', 'METHOD_UNKNOWN'],
  ['PATCH /api/me', 'METHOD_UNKNOWN'],
  ['DELETE /api/contents/a.ipynb/checkpoints', 'METHOD_UNKNOWN'],
  ['GET /nbconvert/html', 'METHOD_UNKNOWN'],
  ['WS /api/contents', 'METHOD_UNKNOWN'],
  ['GET /api/kernels/a-b-c-d-e/channels', 'METHOD_UNKNOWN'],
  ['WS /api/kernels/x/channels', 'ROUTE_UNKNOWN'],
  ['GET /api/kernelspecs/a%252fb', 'ROUTE_UNKNOWN'],
  ['GET /kernelspecs/python3/kernel.json', 'ROUTE_UNKNOWN'],
  ['GET /kernelspecs/python3/KERNEL.JSON', 'ROUTE_UNKNOWN'],
  ['GET /kernelspecs/python3/sub%2fkernel.json', 'ROUTE_UNKNOWN'],
  ['POST /git/pub/%252e%252e/%252fetc/status', 'PATH_INVALID'],
  ['GET /bundle/pub/%252e%252e/a.ipynb', 'PATH_INVALID'],
  ['GET /proxy/8080/%2e%2e/x', 'PATH_INVALID'],
  ['GET /proxy/evil@host:80/x', 'ROUTE_UNKNOWN'],
  ['GET /static/%2e%2e/x', 'PATH_INVALID'],
  ['WS /api/collaboration/room/json%3Anotebook%3Aid', 'ROUTE_UNKNOWN'],
  ['GET /api/contents?content=0&content=1', 'TARGET_INVALID'],
  ['GET /api/contents?content=0&%63ontent=1', 'TARGET_INVALID'],
  ['GET /api/contents?type=%0afile', 'TARGET_INVALID'],
  ['GET /api/contents?type=%20file', 'TARGET_INVALID'],
  ['GET /api/contents?type=%ff', 'TARGET_INVALID'],
  ['GET /api/contents?type=%zz', 'TARGET_INVALID'],
  ['GET /api/resolvePath?path=~/x', 'PATH_INVALID'],
  ['GET /api/resolvePath?path=/../x', 'PATH_INVALID'],
  ['GET /api/resolvePath?path=a&path=b', 'TARGET_INVALID'],
  ['GET /api/fileid/id?path=pub%2F..%2Fpriv', 'PATH_INVALID'],
  ['GET /lab/api/licenses/?bundles=(.%3F)%7B44%7DZ', 'TARGET_INVALID'],
  ['GET /lab/api/licenses/?bundles=.*.*.*Z', 'TARGET_INVALID'],
  ['GET /lab/api/licenses/?full_text=x', 'TARGET_INVALID'],
  ['GET /lab/api/licenses/?format=yaml', 'TARGET_INVALID'],
  ['GET /lab/api/licenses/?download=', 'TARGET_INVALID'],
  ['WS /api/kernels/a-b-c-d-e/channels?session_id=a%20b', 'TARGET_INVALID'],
  ['WS /api/kernels/a-b-c-d-e/channels?session_id=a&session_id=b', 'TARGET_INVALID'],
];

describe('a hostile target', () => {
  for (const [path, expected] of OBSERVED) {
    it(`ends as ${expected} for the contents of ${JSON.stringify(path)}`, () => {
      expect(outcome(() => classify(`GET /api/contents${path}`))).to.equal(expected);
    });
  }

  for (const [line, expected] of OTHERS) {
    it(`ends as ${expected} for ${line}`, () => {
      expect(outcome(() => classify(line))).to.equal(expected);
    });
  }

  it('is refused when it is too long', () => {
    expect(outcome(() => classify(`GET /api/contents/${'a'.repeat(8192)}`))).to.equal('TARGET_INVALID');
    expect(outcome(() => classify(`GET /api/contents/${'a'.repeat(4097)}`))).to.equal('PATH_INVALID');
  });

  it('cannot turn a path into another route by what stands before its last segment', () => {
    expect(outcome(() => classify('POST /api/contents/a/%63heckpoints/trust'))).to.equal(
      'contents.trust /api/contents/a/%63heckpoints/trust',
    );
    expect(outcome(() => classify('GET /api/contents/a%2ftrust/checkpoints'))).to.equal(
      'checkpoints.list /api/contents/a/%74rust/checkpoints',
    );
  });

  it('never carries a credential on, however it is spelt', () => {
    const query = 'content=1&token=a&%74oken=b&to%6ben=c&_xsrf=d&%5fxsrf=e';
    expect(classify(`GET /api/contents/a?${query}`).target).to.equal('/api/contents/a?content=1');
    expect(classify(`GET /proxy/80/a?${query}`).target).to.equal('/proxy/80/a?content=1');
  });

  it('is told what was expected', () => {
    expect(detailOf(() => classify('GET /api/contents?hash=0&hash=1'))).to.equal(
      'expected `hash` once, received it twice',
    );
    expect(detailOf(() => classify('GET /api/kernels/a-b-c-d-e/channels'))).to.equal(
      'expected a WebSocket, received HTTP',
    );
  });
});
