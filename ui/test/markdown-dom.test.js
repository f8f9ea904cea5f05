import assert from 'node:assert/strict';
import { test } from 'node:test';
import { safeHref, toNodes } from '../lib/markdown-dom.js';
import { installDocument } from './fakes.js';

installDocument();

const drawn = (text, elements) => String(toNodes(text, elements));

test('the Markdown of a chat is rendered', () => {
  for (const [text, nodes] of [
    ['Hello', '<p>Hello</p>'],
    ['one\ntwo', '<p>one<br></br>two</p>'],
    ['one\n\ntwo', '<p>one</p><p>two</p>'],
    ['**bold** *it* ~~no~~ `x < y`', '<p><strong>bold</strong> <em>it</em> <del>no</del> <code>x &lt; y</code></p>'],
    ['***both***', '<p><em><strong>both</strong></em></p>'],
    ['# Title', '<p>Title</p>'],
    ['> quoted', '<blockquote><p>quoted</p></blockquote>'],
    ['- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
    ['3. a\n4. b', '<ol><li>a</li><li>b</li></ol>'],
    ['- [x] done\n- [ ] open', '<ul><li><input></input>done</li><li><input></input>open</li></ul>'],
    ['- [x] a\n\n- [ ] b', '<ul><li><input></input><p>a</p></li><li><input></input><p>b</p></li></ul>'],
    ['```\na < b\n```', '<div><div><span></span><button>Copy</button></div><pre><code>a &lt; b</code></pre></div>'],
    ['---', '<hr></hr>'],
    ['\\*not\\*', '<p>*not*</p>'],
  ]) assert.equal(drawn(text), nodes, text);
  assert.equal(toNodes('3. a').all('ol')[0].start, '3');
  assert.equal(toNodes('1. a').all('ol')[0].start, undefined);
  assert.equal(toNodes('# Title').all('p')[0].className, 'heading');
  assert.equal(toNodes('```\nx\n```').all('pre')[0].tabIndex, 0);
});

test('Markdown that surprises in a chat stays as typed', () => {
  for (const [text, nodes] of [
    ['Title\n===', '<p>Title<br></br>===</p>'],
    ['    four spaces', '<p>    four spaces</p>'],
    ['[a]: http://x.example\n\n[a]', '<p>[a]: <a href="http://x.example/">http://x.example</a></p><p>[a]</p>'],
  ]) assert.equal(drawn(text), nodes, text);
});

test('a task says whether it is done, and cannot be ticked', () => {
  const boxes = toNodes('- [x] done\n- [ ] open').all('input');
  assert.deepEqual(boxes.map((box) => [box.type, box.checked, box.disabled, box['aria-label']]),
    [['checkbox', true, true, 'Done'], ['checkbox', false, true, 'To do']]);
  assert.deepEqual(toNodes('- [x] a\n- b').all('li').map(({ className }) => className), ['todo', undefined]);
});

test('a table is one, with marks in its cells', () => {
  const nodes = toNodes('a | b | c | d\n:-- | --: | :-: | ---\n1 | *2* | 3');
  assert.equal(String(nodes), '<div><table><thead><tr><th>a</th><th>b</th><th>c</th><th>d</th></tr></thead>'
    + '<tbody><tr><td>1</td><td><em>2</em></td><td>3</td><td></td></tr></tbody></table></div>');
  assert.deepEqual(nodes.all('td').map(({ className }) => className), ['left', 'right', 'center', undefined]);
  assert.deepEqual(nodes.all('th').map(({ scope, dir }) => [scope, dir]), Array(4).fill(['col', 'auto']));
  const [frame] = nodes.all('div');
  assert.deepEqual([frame.tabIndex, frame.role, frame['aria-label'], frame.dir], [0, 'group', 'Table', 'ltr']);
  assert.equal(toNodes('שם | b\n--|--\n1 | 2').all('div')[0].dir, 'rtl');
});

test('of a table that is too large, the last rows are shown as typed', () => {
  const text = `a | b\n--|--\n${'1 | 2\n'.repeat(9)}`.trim();
  const nodes = toNodes(text, 15);
  assert.equal(nodes.all('td').length, 4, 'eight elements of the frame and the head, and three for each row');
  assert.equal(nodes.all('p')[0].textContent, '1 | 2\n'.repeat(7).trim());
  assert.equal(String(toNodes(text, 5)), `<p>${text}</p>`);
});

test('a spoiler is a closed button', () => {
  assert.equal(drawn('It was ||the **butler**|| ||`x`||'),
    '<p>It was <span><span>the <strong>butler</strong></span></span> <span><span><code>x</code></span></span></p>');
  const [cover] = toNodes('||x||').all('span');
  assert.deepEqual(
    [cover.className, cover.role, cover.tabIndex, cover['aria-expanded'], cover['aria-label'], cover.dataset.act],
    ['spoiler', 'button', 0, 'false', 'Spoiler', 'spoiler'],
  );
  for (const [text, nodes] of [
    ['`||x||`', '<p><code>||x||</code></p>'],
    ['> ||x||', '<blockquote><p><span><span>x</span></span></p></blockquote>'],
    ['a || b || c', '<p>a || b || c</p>'], ['\\||x||', '<p>||x||</p>'], ['||x', '<p>||x</p>'],
    ['**a ||x||**', '<p><strong>a <span><span>x</span></span></strong></p>'],
  ]) assert.equal(drawn(text), nodes, text);
  assert.equal(toNodes('```\n||x||\n```').all('code')[0].textContent, '||x||');
});

test('code of which a part is drawn cannot be copied', () => {
  const buttons = (text, how) => toNodes(text, 1000, how).all('button').length;
  const text = '```\na\n```\n\n```\nb\n```\n\n```\nc';
  assert.equal(buttons(text), 3);
  assert.equal(buttons(text, { begun: true }), 2);
  assert.equal(buttons(text, { begun: true, unfinished: true }), 1);
  assert.equal(buttons(`\`\`\`\n${'a\n'.repeat(30)}\`\`\``, { folded: true }), 2, 'and one for more lines');
});

test('HTML is shown as text', () => {
  for (const text of [
    '<b>x</b>', '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<!-- x -->', '&lt;b&gt; &amp;',
    'a & b &#60;b&#x3e;', 'a <b c="',
  ]) {
    const nodes = toNodes(text);
    assert.equal(nodes.textContent, text);
    assert.deepEqual(nodes.all('p').length, nodes.size, 'no element but the paragraph');
  }
});

test('a link whose text differs from its target shows the target', () => {
  const [plain] = toNodes('see https://a.example/x').all('a');
  assert.deepEqual([plain.href, plain.textContent, plain.title, plain.rel, plain.target],
    ['https://a.example/x', 'https://a.example/x', undefined, 'noopener noreferrer', '_blank']);
  const [named] = toNodes('[my **bank**](https://evil.example)').all('a');
  assert.deepEqual([named.href, String(named), named.title],
    ['https://evil.example/', '<a href="https://evil.example/">my <strong>bank</strong></a>', 'https://evil.example/']);
});

test('only http, https and mailto links are followed', () => {
  for (const [href, safe] of [
    ['https://a.example', 'https://a.example/'], ['HTTP://A.example', 'http://a.example/'],
    ['mailto:a@b.example', 'mailto:a@b.example'],
    ['javascript:alert(1)', ''], ['java\nscript:alert(1)', ''], ['data:text/html,x', ''], ['file:///etc/passwd', ''],
    ['vbscript:x', ''],
    ['blob:https://a.example/x', ''], ['//a.example', ''], ['/general', ''], ['', ''], ['https://', ''],
  ]) assert.equal(safeHref(href), safe, href);
  assert.equal(drawn('[x](javascript:alert)'), '<p>[x](javascript:alert)</p>');
  assert.equal(drawn('![x](data:text/html,x)'), '<p>![x](data:text/html,x)</p>');
});

test('an image becomes a link, as nothing is loaded', () => {
  assert.equal(drawn('![cat](https://a.example/cat.png)'), '<p><a href="https://a.example/cat.png">cat</a></p>');
  assert.equal(
    drawn('![](https://a.example/cat.png)'), '<p><a href="https://a.example/cat.png">https://a.example/cat.png</a></p>',
  );
  const nodes = toNodes('[![cat](https://a.example/cat.png)](https://b.example)');
  assert.deepEqual(nodes.all('a').map(({ href }) => href), ['https://b.example/'], 'no link within a link');
});

test('each block has the direction of its own script', () => {
  const directions = (text, name) => toNodes(text).all(name).map(({ dir }) => dir);
  assert.deepEqual(directions('שלום\n\nHello', 'p'), ['auto', 'auto']);
  for (const [text, dir] of [
    ['Hello שלום', 'ltr'], ['שלום Hello', 'rtl'], ['123 مرحبا', 'rtl'], ['123', 'ltr'], ['日本', 'ltr'],
    ['\u{1E900}\u{1E922}', 'rtl'], ['\u{10900}', 'rtl'],
  ]) {
    assert.deepEqual(directions(`- ${text}`, 'ul'), [dir], text);
    assert.deepEqual(directions(`- [x] ${text}`, 'ul'), [dir], text);
    assert.deepEqual(directions(`> ${text}`, 'blockquote'), [dir], text);
  }
  assert.deepEqual(directions('```\nשלום\n```', 'div'), ['ltr', undefined], 'code is always from left to right');
});

test('16 KB of anything is rendered whole within the element limit', () => {
  for (const [sign, more] of [
    ['x', 1], ['漢', 1], ['😀', 1], ['*', 1], ['[', 1], ['`', 1], ['<', 1], ['> ', 1], ['- ', 1], ['\n', 1], ['**a*', 1],
    ['[a](', 1],
    ['&amp;', 1], ['\u0301', 1], ['| a ', 1], ['_a_ ', 1], ['![', 1], ['\\', 1], ['1. a\n', 1],
    ['https://a.example ', 1], ['a\u202e', 1],
  ]) {
    const text = sign.repeat(Math.floor((16384 * more) / Buffer.byteLength(sign)));
    const nodes = toNodes(text);
    const letters = (string) => string.replace(/[\s\p{P}\p{S}]/gu, '').length;
    assert.ok(nodes.size <= 1100, `${JSON.stringify(sign)}: ${nodes.size} elements`);
    assert.ok(
      letters(nodes.textContent) >= letters(text) * 0.7,
      `${JSON.stringify(sign)}: of the text ${letters(nodes.textContent)} letters are left`,
    );
  }
});

test('a text refused by the parser is shown as typed', () => {
  for (const text of ['a '.repeat(10001), `${'> '.repeat(13)}x`]) assert.equal(drawn(text), `<p>${text}</p>`);
  assert.equal(toNodes(`${'> '.repeat(12)}x`).all('blockquote').length, 12);
});

test('once parsing becomes expensive, the rest is shown as typed', () => {
  const much = '*a* '.repeat(300);
  const nodes = toNodes(`${much}\n\n${much}\n\n*a*`);
  assert.deepEqual(nodes.childNodes.map((line) => line.all('em').length), [300, 0, 0]);
  assert.deepEqual(
    nodes.childNodes.map((line) => line.textContent.trim()), ['a '.repeat(300).trim(), much.trim(), '*a*'],
  );
});

test('nesting is limited to twelve levels', () => {
  const inner = `${'*a **b '.repeat(9)}x${' b** a*'.repeat(9)}`;
  const deepest = (node) => Math.max(
    0, ...node.childNodes.map((child) => deepest(child) + (child.name === '#text' ? 0 : 1)),
  );
  for (const [text, depth] of [
    [inner, 13], // a paragraph and twelve within it
    [`${'> '.repeat(6)}${inner}`, 13],
    [`${'- '.repeat(6)}${inner}`, 18], // a list is two elements
  ]) {
    assert.equal(deepest(toNodes(text)), depth, text.slice(0, 9));
    assert.match(toNodes(text).textContent, /x/);
  }
});

test('the element limit is kept, and the rest is shown as text', () => {
  for (const [text, most] of [
    ['*a* '.repeat(100), 20], ['a\n\n'.repeat(100), 21], ['- a\n'.repeat(100).trim(), 22], ['> a\n\n'.repeat(100), 21],
  ]) {
    const nodes = toNodes(text, 20);
    assert.equal(nodes.size, most, text.slice(0, 5));
    assert.equal(nodes.textContent.replace(/[^a]/g, '').length, 100);
  }
  assert.equal(toNodes('a\n\n'.repeat(1200)).size, 1001);
});

test('the element limit is per call', () => {
  toNodes('a\n\n'.repeat(50), 5);
  assert.equal(toNodes('a\n\n'.repeat(9), 20).size, 9);
});
