import { relative } from 'node:path';
import type { Rule } from 'eslint';

/** The path of the linted file, relative to the working directory, with forward slashes. */
export const pathIn = ({ cwd, filename }: Rule.RuleContext): string => relative(cwd, filename).replaceAll('\\', '/');

/**
 * Whether one of the patterns matches the whole text: `*` is anything within a folder, `**` any number of folders, `?`
 * one character, `{a,b}` one of these.
 */
export function matchesAny(patterns: readonly string[], text: string | null): boolean {
  return text !== null && patterns.some((each) => expressionOf(each).test(text));
}

const tokens = /\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[^*?{]+|\{/g;

const expressionOf = (pattern: string): RegExp => new RegExp(`^${translated(pattern.replace(/^\.\//, ''))}$`);

function translated(pattern: string): string {
  return (pattern.match(tokens) ?? []).map(translatedToken).join('');
}

function translatedToken(token: string): string {
  if (token === '**/') return '(?:.*/)?';
  if (token === '**') return '.*';
  if (token === '*') return '[^/]*';
  if (token === '?') return '[^/]';
  if (token.startsWith('{') && token.endsWith('}')) {
    return `(?:${token.slice(1, -1).split(',').map(translated).join('|')})`;
  }
  return token.replaceAll(/[\\^$+.()|[\]{}]/g, '\\$&');
}
