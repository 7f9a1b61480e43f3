import { expect } from 'chai';
import { presentedToken } from '../../../src/authenticate/presented-token.ts';
import { AppError } from '../../../src/core/errors.ts';

describe('presentedToken', () => {
  const accepted: readonly [string, string | undefined, string | undefined, string | undefined][] = [
    ['finds nothing where there is nothing', undefined, undefined, undefined],
    ['reads `Bearer`', 'Bearer abc', undefined, 'abc'],
    ['reads `token`', 'token abc', undefined, 'abc'],
    ['does not mind the case of the scheme', 'BEARER abc', undefined, 'abc'],
    ['does not mind the case of `token` either', 'Token abc', undefined, 'abc'],
    ['reads the query', undefined, 'abc', 'abc'],
    ['ignores an empty query token', 'token abc', '', 'abc'],
    ['takes the same token twice', 'token abc', 'abc', 'abc'],
    ['finds nothing in an empty query token', undefined, '', undefined],
  ];
  for (const [name, authorization, query, expected] of accepted) {
    it(name, () => {
      expect(presentedToken(authorization === undefined ? {} : { authorization }, query)).to.equal(expected);
    });
  }

  const refused: readonly [string, string, string | undefined][] = [
    ['refuses another scheme', 'Basic dXNlcjpwYXNz', undefined],
    ['refuses a scheme without a token', 'Bearer', undefined],
    ['refuses an empty header', '', undefined],
    ['refuses two tokens in one header', 'Bearer abc, Bearer abc', undefined],
    ['refuses another scheme beside a token in the query', 'Basic dXNlcjpwYXNz', 'abc'],
    ['refuses two different tokens', 'Bearer abc', 'abd'],
  ];
  for (const [name, authorization, query] of refused) {
    it(`${name} with TOKEN_INVALID`, () => {
      expect(() => presentedToken({ authorization }, query))
        .to.throw(AppError)
        .with.property('code', 'TOKEN_INVALID');
    });
  }
});
