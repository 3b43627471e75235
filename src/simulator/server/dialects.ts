import type { Refusal } from './faults.js';
import { isRealtimeModel } from './models.js';
import type { ServerFrame } from './wire.js';

/** The kind of server to simulate, where servers differ. */
export type Dialect = 'openai' | 'azure';

interface DialectRules {
  /** How a key that is missing or wrong is answered: inside the socket, or at the upgrade. */
  readonly wrongKey: Refusal;
  /** Whether this name of a model begins a session. */
  takesModel(name: string): boolean;
  /** What the events of a content part carry. */
  part(part: ServerFrame['part']): Readonly<Record<string, unknown>>;
  /** Whether it tells what is left of the limits. */
  readonly limits: 'told' | 'untold';
  /** Types that stand in the error about an unknown one, beside those that it takes. */
  readonly namesAlso: readonly string[];
}

/** As recorded on both. Azure knows models by their deployments, which may have any name. */
export const dialects: Readonly<Record<Dialect, DialectRules>> = {
  openai: {
    wrongKey: 'invalid_api_key',
    takesModel: isRealtimeModel,
    part: (part) => ({ part }),
    limits: 'told',
    namesAlso: [],
  },
  azure: {
    wrongKey: 'http401',
    takesModel: () => true,
    part: (part) => ({ part, content: part }),
    limits: 'untold',
    namesAlso: ['transcription_session.update'],
  },
};
