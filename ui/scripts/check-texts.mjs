// Finds texts that people read but that stand in a component instead of in messages/,
// and messages that one language has and the other lacks.
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'svelte/compiler';

const READ_ALOUD = new Set(['aria-label', 'aria-description', 'title', 'alt', 'placeholder', 'label']);
/** Marks that are the same in every language. */
const NOT_A_TEXT = /^[\s\d.,:;·/()%+\-–…“”"'?!×]*$/u;

const problems = [];

function* files(folder, suffix) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path, suffix);
    else if (path.endsWith(suffix)) yield path;
  }
}

function visit(node, path, source) {
  if (!node || typeof node !== 'object') return;
  if (Array.isArray(node)) return node.forEach((child) => visit(child, path, source));
  if (node.type === 'Text' && !NOT_A_TEXT.test(node.data)) report(node, path, source, node.data);
  if (node.type === 'Attribute') {
    if (READ_ALOUD.has(node.name) && Array.isArray(node.value)) {
      for (const part of node.value)
        if (part.type === 'Text' && !NOT_A_TEXT.test(part.data)) report(part, path, source, part.data);
    }
    return;
  }
  for (const [key, child] of Object.entries(node)) if (key !== 'metadata') visit(child, path, source);
}

function report(node, path, source, text) {
  const line = source.slice(0, node.start).split('\n').length;
  problems.push(`${path}:${line}: "${text.trim()}" belongs in messages/`);
}

for (const path of files('src', '.svelte')) {
  const source = readFileSync(path, 'utf8');
  visit(parse(source, { modern: true }).fragment, path, source);
}

for (const part of ['shared', 'field', 'errors', 'desk']) {
  const keys = (locale) => {
    const path = `messages/${part}/${locale}.json`;
    return existsSync(path) ? Object.keys(JSON.parse(readFileSync(path, 'utf8'))) : [];
  };
  const [dutch, english] = [keys('nl'), keys('en')];
  for (const key of dutch) if (!english.includes(key)) problems.push(`messages/${part}/en.json lacks ${key}`);
  for (const key of english) if (!dutch.includes(key)) problems.push(`messages/${part}/nl.json lacks ${key}`);
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
