import { createApp } from './app.js';
import { ConfigError, readConfig } from './config.js';
import { DatabaseError, openDatabase } from './database.js';
import { officeOn } from './office.js';

try {
  const config = readConfig(process.env);
  const database = await openDatabase(config.database);
  const app = await createApp({ config, office: officeOn(database), serve: () => config });
  await app.listen(config.listen);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void app.close().then(() => database.close()));
  }
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof DatabaseError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
