import { expect } from 'chai';
import { withOwnSessionId } from '../../../src/gate/own-session-id.ts';

describe('the session_id of a kernel socket', () => {
  const target = '/api/kernels/k/channels?session_id=abc';

  it('is the same for one person every time and never for two', () => {
    const ada = withOwnSessionId(target, 'ada');
    expect(ada).to.match(/^\/api\/kernels\/k\/channels\?session_id=[0-9a-f]{32}$/);
    expect(withOwnSessionId(target, 'ada')).to.equal(ada);
    expect(withOwnSessionId(target, 'bob')).to.not.equal(ada);
    expect(withOwnSessionId(target.replace('abc', 'abd'), 'ada')).to.not.equal(ada);
  });

  it('cannot be reached by naming what somebody else was given', () => {
    const ada = withOwnSessionId(target, 'ada');
    expect(withOwnSessionId(ada, 'bob')).to.not.equal(ada);
  });

  it('leaves every other target as it is', () => {
    for (const other of ['/api/kernels/k/channels', '/terminals/websocket/1', '/lsp/ws/x?session=abc']) {
      expect(withOwnSessionId(other, 'ada')).to.equal(other);
    }
  });
});
