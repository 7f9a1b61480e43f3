/** Mocha's output: one line for each test, failures in full at the end, and the closing line `N passed, N failed`. */
import mocha from 'mocha';

const {
  EVENT_RUN_END,
  EVENT_SUITE_BEGIN,
  EVENT_SUITE_END,
  EVENT_TEST_FAIL,
  EVENT_TEST_PASS,
  EVENT_TEST_PENDING,
} = mocha.Runner.constants;
const { Base } = mocha.reporters;

export default class Reporter extends Base {
  #depth = 0;

  constructor(runner, options) {
    super(runner, options);
    runner.on(EVENT_SUITE_BEGIN, (suite) => {
      if (!suite.root) this.#line('suite', suite.title);
      this.#depth += 1;
    });
    runner.on(EVENT_SUITE_END, () => {
      this.#depth -= 1;
    });
    runner.on(EVENT_TEST_PASS, (test) => {
      const slow = test.speed === 'slow' ? Base.color('slow', ` (${test.duration} ms)`) : '';
      this.#line('pass', `${Base.color('checkmark', Base.symbols.ok)} ${test.title}${slow}`);
    });
    runner.on(EVENT_TEST_PENDING, (test) => this.#line('pending', `- ${test.title}`));
    runner.on(EVENT_TEST_FAIL, (test) => this.#line('fail', `${Base.symbols.err} ${test.title}`));
    runner.once(EVENT_RUN_END, () => this.#close());
  }

  #line(color, text) {
    Base.consoleLog(`${'  '.repeat(this.#depth)}${Base.color(color, text)}`);
  }

  #close() {
    if (this.failures.length > 0) Base.list(this.failures);
    const { passes, failures, pending } = this.stats;
    Base.consoleLog(`\n${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
  }
}
