import { expect } from 'chai';
import { canonicalPath } from '../../../src/core/canonical-path.ts';
import { createSaveBody } from '../../../src/gate/save-body.ts';

describe('the body of a save', () => {
  /** `refused`, or whether it replaces the whole file. */
  const said = (body: string, step = body.length): unknown => {
    const saved = createSaveBody(canonicalPath('/pub/a.ipynb'));
    try {
      const bytes = Buffer.from(body);
      for (let at = 0; at < bytes.length; at += step) saved.look(bytes.subarray(at, at + step));
      return saved.isWhole();
    } catch (error) {
      return Reflect.get(error as object, 'code');
    }
  };

  const WHOLE = [
    '{"type":"notebook","content":{"cells":[{"chunk":2,"path":"/priv"}],"metadata":{"chunk":{"a":[1]}}}}',
    String.raw`{"content":"a\"},\"chunk\":2,{\\","type":"file"}`,
    String.raw`{"content":{"source":["\\\\","\\\"","\"chunk\":2,","\\"],"more":"\"},\"chunk\":2"}}`,
    '{"chunk":1,"content":"eA=="}',
    '{"chunk":null}',
    '{ "path" : "pub/a.ipynb" , "name":"a.ipynb","content":[ [ ], { } ]}',
    '{"path":"/pub/a.ipynb/"}',
    '{"path":"pub"}',
    '{"path":""}',
    '{"path":null}',
  ];
  const ADDED = [
    '{"chunk":2}',
    '{"chunk":-1,"content":"eA=="}',
    `{"content":"${'x'.repeat(100_000)}","chunk":3}`,
    String.raw`{"content":{"source":["\\\\"]},"chunk":2}`,
    String.raw`{"content":{"source":["\\\"]"]},"chunk":2}`,
    String.raw`{"\u0063hunk":2}`,
    '{"chunk":2,"chunk":1}',
    '{"chunk":1,"chunk":2}',
    '{"chunk":[1]}',
    '{"chunk":true}',
    '{"chunk":NaN}',
    '{"type":"file"',
  ];
  const REFUSED = [
    '{"path":"priv/secret.ipynb"}',
    '{"path":"pub/a.ipynb/below"}',
    '{"path":"pu"}',
    '{"path":"pub/a.ipynb","content":"","path":"priv/x"}',
    String.raw`{"p\u0061th":"priv/x"}`,
    '{"path":["priv"]}',
    '{"path":1}',
    '{"path":{"a":"b"}}',
  ];

  it('replaces the file, unless it is a later part of an upload', () => {
    for (const body of WHOLE) expect(said(body), body).to.equal(true);
    for (const body of ADDED) expect(said(body), body.slice(-40)).to.equal(false);
  });

  it('names no other path than that of the address, or a directory above it', () => {
    for (const body of REFUSED) expect(said(body), body).to.equal('BODY_INVALID');
    expect(said('{"path":"pub/../priv"}')).to.equal('PATH_INVALID');
    expect(said(`{"path":"${'/'.repeat(40_000)}"}`)).to.equal('BODY_INVALID');
  });

  it('means the same however it is cut', () => {
    for (const body of [...WHOLE, ...ADDED, ...REFUSED].filter(({ length }) => length < 1000)) {
      for (const step of [1, 2, 3, 7]) expect(said(body, step), body).to.equal(said(body));
    }
  });

  it('finds the end of a long text behind backslashes, wherever it is cut', () => {
    const long = 'x'.repeat(40_000);
    for (const end of ['\\\\', '\\"', '\\\\\\"', '\\n\\\\'])
      for (const body of [`{"content":"${long}${end}","chunk":2}`, `{"a":["${end}","${end}"],"chunk":2}`])
        for (const step of [body.length, 40_012, 40_013, 40_014, 40_015, 5])
          expect(said(body, step), `${end} ${step}`).to.equal(false);
    expect(said(`{"content":"${long}\\"","chunk":2`)).to.equal(false);
    expect(said(`{"content":"${long}\\",\\"chunk\\":2"}`)).to.equal(true);
  });

  it('says nothing about a whole file before it has ended', () => {
    const saved = createSaveBody(canonicalPath('/a.txt'));
    saved.look(Buffer.from('{"content":"x"'));
    expect(saved.isWhole()).to.equal(false);
    saved.look(Buffer.from('} '));
    expect(saved.isWhole()).to.equal(true);
  });
});
