/** Finds direct calls of the Realtime API in whole code bases, in several languages. */
export { audit, type AuditOptions } from './audit.js';
export { baselineOf, compare, type Compared, type Entry, parseBaseline, printBaseline } from './baseline.js';
export { eachFile } from './each.js';
export { filesIn, type FileOptions, type Listed } from './files.js';
export { folderInRepository } from './ignored.js';
export { type FormatName, formats, type Result } from './formats/index.js';
export { type Language, languageOf, languages } from './languages.js';
export { findParsers, type Parser, type Parsers } from './parsers.js';
export { placesIn } from './places.js';
export { type Program, programOf } from './program.js';
export type { Found, Report, Unread } from './report.js';
export { dialectOf, parseScript, unreadable } from './script.js';
