import { expect } from 'chai';
import { compileTemplate } from '../../../src/classify/template.ts';

function through(pattern: string, path: string): string | undefined {
  const template = compileTemplate(pattern);
  const captured = template.match(path);
  return captured === undefined ? undefined : template.emit(template.read(captured));
}

describe('a pattern', () => {
  it('matches its literal text and nothing like it', () => {
    expect(through('/api/spec.yaml', '/api/spec.yaml')).to.equal('/api/spec.yaml');
    expect(through('/api/spec.yaml', '/api/specXyaml')).to.equal(undefined);
    expect(through('/api', '/api/x')).to.equal(undefined);
  });

  it('re-emits every kind of capture in one spelling', () => {
    expect(through('/a/{one}', '/a/%62%20c')).to.equal('/a/b%20c');
    expect(through(String.raw`/a/{id:\d{1,3}}`, '/a/123')).to.equal('/a/123');
    expect(through('/a/{x:names}', '/a/@b/c:d')).to.equal('/a/%40b/c%3Ad');
    expect(through('/a{p:path}', '/a/b%2fc')).to.equal('/a/b/c');
    expect(through('/a{p:tail}/', '/a/b//')).to.equal('/a/b/');
    expect(through('/a{r:rest}', '/a/b%2Fc/')).to.equal('/a/b%2Fc/');
    expect(through('/a{/}', '/a/')).to.equal('/a');
  });

  it('must not bring groups of its own', () => {
    expect(() => compileTemplate('/a/{x:(b|c)}')).to.throw(TypeError);
  });
});
