import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, type Complaint } from '../tools/compilers.js';
import { root } from '../tools/packed.js';

/** The compiler's errors in programs from the documentation, each with the surroundings that it assumes. */
export async function complaintsAbout(
  programs: ReadonlyMap<string, string>,
  surroundings: string,
): Promise<Complaint[]> {
  const project = await mkdtemp(join(tmpdir(), 'gated-realtime-examples-'));
  try {
    await symlink(join(root, 'node_modules'), join(project, 'node_modules'));
    await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
    await writeFile(join(project, 'surroundings.d.ts'), surroundings);
    for (const [file, code] of programs) await writeFile(join(project, file), `${code}\nexport {};\n`);
    const compilerOptions = {
      noUnusedLocals: false,
      allowJs: true,
      checkJs: true,
      typeRoots: [join(root, 'node_modules/@types')],
    };
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts', '*.js'], exclude: [] };
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify(config));
    return await compile('TypeScript 6.0', project);
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}
