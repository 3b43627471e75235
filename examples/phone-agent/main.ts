import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { closeOnSignal } from '../shared/shutdown.js';
import { fail } from '../shared/terminal.js';
import { createApp } from './app.js';
import { ConfigError, readConfig, type Config } from './config.js';
import { DatabaseError, openDatabase, type Database } from './database.js';
import { officeOn } from './office.js';

// The environment has precedence over the file.
const settingsFile = fileURLToPath(new URL('.env', import.meta.url));

try {
  if (existsSync(settingsFile)) process.loadEnvFile(settingsFile);
  const config = readConfig(process.env);
  const database = await openDatabase(config.database);
  await serve(config, database).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
} catch (error) {
  // Errors that the deployer can fix are shown by their message; others with their stack.
  fail(error instanceof ConfigError || error instanceof DatabaseError ? error.message : error);
}

async function serve(config: Config, database: Database): Promise<void> {
  const app = await createApp({ config, office: officeOn(database), serve: () => config });
  closeOnSignal({ close: () => app.close().then(() => database.close()), log: app.log });
  await app.listen(config.listen);
}
