import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The compiler's errors in some files of the project, under its settings. `texts` replace files. */
export function complaints(files: readonly string[], texts: Readonly<Record<string, string>> = {}): readonly string[] {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  const given = new Map(Object.entries(texts).map(([path, text]) => [root + path, text]));
  host.readFile = (path) => given.get(path) ?? readFile.call(host, path);
  host.fileExists = (path) => given.has(path) || fileExists.call(host, path);
  const names = [...files, ...Object.keys(texts)].map((path) => root + path);
  const program = ts.createProgram(names, options, host);
  return names.flatMap((name) => {
    const source = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  });
}
