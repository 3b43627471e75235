import { isRecord, type Json, type ServerEvent, textOf } from '../machine/index.js';

/** The session as the server last described it. */
export class Described {
  /** The server's id of it; empty before the server has said it. */
  id = '';
  effective: Json = {};

  note({ type, session }: ServerEvent): void {
    if (!type.startsWith('session.') || !isRecord(session)) return;
    this.effective = session;
    this.id = textOf(session['id']) ?? this.id;
  }
}
