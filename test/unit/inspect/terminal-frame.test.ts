import { expect } from 'chai';
import { AppError } from '../../../src/core/errors.ts';
import { readTerminalFrame, withNotice } from '../../../src/inspect/terminal-frame.ts';

describe('frames of a terminal', () => {
  it('are typed text and sizes, written from what was read', () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ['["stdin", "ls\\r"]', 'stdin', '["stdin","ls\\r"]'],
      ['["set_size",24,80,600,800]', 'set_size', '["set_size",24,80,600,800]'],
      ['["set_size",24,80]', 'set_size', '["set_size",24,80]'],
      ['["set_size",null,null,600,800]', 'set_size', '["set_size",null,null,600,800]'],
    ];
    for (const [frame, kind, text] of cases) expect(readTerminalFrame(frame)).to.deep.equal({ kind, text });
  });

  it('are nothing else', () => {
    const others = [
      '',
      'ls',
      '{}',
      'null',
      '[]',
      '["stdin"]',
      '["stdin",7]',
      '["stdin","a","b"]',
      '["set_size"]',
      '["set_size","24",80]',
      '["set_size",1,2,3,4,5]',
      '["STDIN","a"]',
      '["disconnect",1]',
      '["stdin","a"]x',
      '["stdin","a"]["stdin","b"]',
    ];
    for (const frame of [...others, Buffer.from('["stdin","a"]')])
      expect(() => readTerminalFrame(frame), String(frame)).to.throw(AppError);
  });

  it('of the server get a notice before what they print, and only then', () => {
    expect(withNotice('["stdout", "$ "]', 'Look! ')).to.equal('["stdout","Look! $ "]');
    for (const frame of [
      '["setup", {}]',
      '["disconnect", 1]',
      '["stdout", 7]',
      Buffer.from('["stdout","$ "]'),
    ])
      expect(withNotice(frame, 'Look! '), String(frame)).to.equal(undefined);
  });
});
