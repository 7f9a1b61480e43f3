/**
 * Which strings may stand in a matcher or condition. Casbin rewrites both as plain text before it parses them
 * (`escapeAssertion`, `replaceEval`, `bracketCompatible`, comment cutting), inside literals too: a string that one of
 * them would change is refused.
 */

/** The rewriting of `r.` and `p.` in Casbin's `util.escapeAssertion`. */
const REWRITTEN = /(?:[()\s|&,=!><+\-*/])(?:r|p)[0-9]*\./;

/** Reason why `literal` may not stand in an expression, or `undefined`. */
export function checkLiteral(literal: string, kind: 'matcher' | 'condition'): string | undefined {
  const sign = /['"`$#;\\]/.exec(literal)?.[0];
  if (sign !== undefined) return `a string may not hold \`${sign}\``;
  // eslint-disable-next-line no-control-regex -- line ends and the like have no place in a rule
  if (/[\u0000-\u001f\u007f\u2028\u2029]/.test(literal)) return 'a string may not hold a control character';
  if (REWRITTEN.test(literal)) return `Casbin would rewrite \`r.\` or \`p.\` inside \`'${literal}'\``;
  if (/\beval\(/.test(literal)) return 'a string may not hold `eval(`';
  if (literal.includes(' in '))
    return 'a string may not hold ` in `: Casbin would rewrite the brackets after it';
  if (kind === 'matcher' && /[|&]/.test(literal)) {
    return 'a string in a matcher may not hold `|` or `&`: Casbin takes them for operators';
  }
  return undefined;
}
