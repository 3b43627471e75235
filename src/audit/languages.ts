/** The languages that the audit can read. */
export type Language = 'script' | 'vue' | 'svelte' | 'python';

interface Reading {
  /** The language's name in a sentence: `3 Vue files`. */
  readonly label: string;
  readonly extensions: readonly string[];
  /** The packages that parse it; one of them is enough. */
  readonly parsers: readonly string[];
}

export const languages: Readonly<Record<Language, Reading>> = {
  script: {
    label: 'JavaScript and TypeScript',
    extensions: ['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'cts', 'tsx'],
    parsers: ['oxc-parser', '@typescript-eslint/typescript-estree', '@babel/parser'],
  },
  vue: { label: 'Vue', extensions: ['vue'], parsers: ['@vue/compiler-sfc'] },
  svelte: { label: 'Svelte', extensions: ['svelte'], parsers: ['svelte/compiler'] },
  python: { label: 'Python', extensions: ['py'], parsers: ['@lezer/python'] },
};

/** The language of a file, by its name; null: none that the audit reads. */
export function languageOf(path: string): Language | null {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase();
  return extension === undefined ? null : (byExtension.get(extension) ?? null);
}

const byExtension: ReadonlyMap<string, Language> = new Map(
  (Object.keys(languages) as Language[]).flatMap((language) =>
    languages[language].extensions.map((extension) => [extension, language] as const),
  ),
);
