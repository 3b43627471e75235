/** Writes a guard that returns a promise. */
import { plan } from 'gated-realtime';

declare const office: { isOpen(): Promise<boolean> };

// wrong:
plan({ guards: { 'after-hours': async () => !(await office.isOpen()) } });
