/** gated-realtime/record: records sessions as JSON lines, and replays them through today's machine. */
export type * from '../../types/index.js';
export { recordTo, type RecordOptions } from './recorder.js';
export { parseRecord, RecordError } from './parse.js';
export { readRecord } from './read.js';
export { replay, type Replay } from './replay.js';
export { explain } from './explain.js';
export type { ReplayedVerdict } from './verdicts.js';
export type {
  AppendedLine,
  AudioPolicy,
  CallRecord,
  Came,
  ContentPolicy,
  EndedLine,
  RecordedEffects,
  RecordHeader,
  RecordLine,
  StepDifference,
  StepLine,
  StoppedLine,
} from './format.js';
