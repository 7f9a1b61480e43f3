/** Whether a kernel message can change an answer: what decides between a tunnel and looking into every message. */
import { expect } from 'chai';
import { DEFAULT_MODEL, grant, question, rule, snapshot } from '../../support/decide-policy.ts';

const fields = {
  sub: 'ada',
  srv: '*',
  res: 'channels',
  act: 'execute',
  path: '**',
  cond: 'true',
  eft: 'allow',
};
const asked = (sub: string) => question({ sub, res: 'channels', act: 'execute', own: sub });

describe('an answer rests on the kernel message', () => {
  it('when a rule of the asker mentions it, allowing or denying, directly or by a role', async () => {
    const current = await snapshot({
      rules: [
        rule(1, fields),
        rule(2, { ...fields, sub: 'ben', cond: "r.msg != 'shutdown_request'" }),
        rule(3, { ...fields, sub: 'role:runner', cond: "r.own != '' && r.cell == 'saved'" }),
        rule(4, { ...fields, sub: 'dan', cond: "r.msg == 'comm_open'", eft: 'deny' }),
      ],
      grants: [grant(1, 'cleo', 'role:runner')],
    });
    const rests = ['ada', 'ben', 'cleo', 'dan', 'eve'].map((sub) => current.restsOnMessage(asked(sub)));
    expect(rests).to.deep.equal([false, true, true, true, false]);
  });

  it('for everybody when the matcher mentions it', async () => {
    const model = DEFAULT_MODEL.replace('&& eval(p.cond)', "&& eval(p.cond) && r.msg != 'debug_request'");
    const current = await snapshot({ model, rules: [rule(1, fields)] });
    expect(current.restsOnMessage(asked('ada'))).to.equal(true);
  });

  it('when the question cannot be asked at all', async () => {
    const current = await snapshot({ rules: [rule(1, fields)] });
    expect(current.restsOnMessage(asked(''))).to.equal(true);
  });
});
