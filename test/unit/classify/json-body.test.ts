import { expect } from 'chai';
import { parseJsonBody } from '../../../src/classify/json-body.ts';

const JSON_TYPE = 'application/json';

function parse(text: string | Buffer, type: string | undefined = JSON_TYPE, encoding?: string): unknown {
  return parseJsonBody(Buffer.from(text), type, encoding);
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
  return 'none';
}

describe('a JSON body', () => {
  it('is undefined when it is empty, whatever its type', () => {
    expect(parseJsonBody(Buffer.alloc(0), undefined, undefined)).to.equal(undefined);
    expect(parse('', 'application/x-www-form-urlencoded')).to.equal(undefined);
  });

  it('is read as JSON, and as the text that @jupyterlab/services sends', () => {
    for (const type of [
      JSON_TYPE,
      'Application/JSON; charset=UTF-8',
      'text/plain;charset=UTF-8',
      'application/json;charset="utf-8"',
    ]) {
      expect(parse('{"a":[1,null]}', type), type).to.deep.equal({ a: [1, null] });
    }
  });

  it('is unsupported with another type, none at all, another charset or an encoding', () => {
    for (const type of [
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/jsonx',
      'application/json;charset=utf-16',
      '',
    ]) {
      expect(
        refusal(() => parse('{}', type)),
        type,
      ).to.equal('BODY_UNSUPPORTED');
    }
    expect(refusal(() => parseJsonBody(Buffer.from('{}'), undefined, undefined))).to.equal(
      'BODY_UNSUPPORTED',
    );
    expect(refusal(() => parse('{}', JSON_TYPE, 'gzip'))).to.equal('BODY_UNSUPPORTED');
    expect(parse('{}', JSON_TYPE, 'identity')).to.deep.equal({});
  });

  it('is invalid when it is not one document in UTF-8', () => {
    for (const text of ['{', '{}{}', 'NaN', '{"a":NaN}', "{'a':1}", '\ufeff{}', '{"a":1e999}', '{"a":1,}']) {
      expect(
        refusal(() => parse(text)),
        text,
      ).to.equal('BODY_INVALID');
    }
    expect(refusal(() => parse(Buffer.from([0x22, 0xff, 0x22])))).to.equal('BODY_INVALID');
  });

  it('keeps the last of duplicate keys, which is what is written out again', () => {
    expect(JSON.stringify(parse('{"path":"pub","path":"priv"}'))).to.equal('{"path":"priv"}');
  });

  it('is refused with `__proto__` anywhere in it', () => {
    expect(refusal(() => parse('{"a":[{"__proto__":{"path":"x"}}]}'))).to.equal('BODY_INVALID');
    expect(refusal(() => parse(String.raw`{"__pro\u0074o__":1}`))).to.equal('BODY_INVALID');
  });

  it('may be nested, but not endlessly', () => {
    expect(refusal(() => parse('['.repeat(64) + ']'.repeat(64)))).to.equal('none');
    expect(refusal(() => parse('['.repeat(66) + ']'.repeat(66)))).to.equal('BODY_INVALID');
    expect(refusal(() => parse('['.repeat(50_000) + ']'.repeat(50_000)))).to.equal('BODY_INVALID');
  });
});
