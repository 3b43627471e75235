export type { Ears, Gone, Line, Transport } from '../../types/index.js';
