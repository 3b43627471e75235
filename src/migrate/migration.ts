import { type Danger, type File, fileOf, type Finding, findingsIn, purposeFor } from '../detector/index.js';
import { type Node, spanOf } from '../detector/node.js';
import { placesIn } from '../audit/index.js';
import { advice, toolAdvice } from './advice.js';
import { applied, clash, type Edit, inOrder } from './edits.js';
import { followUpOf } from './follow-ups.js';
import { removal } from './lines.js';
import { adviceFor, anchorOf, declare, markAbove, marking, markOf, marksIn } from './marks.js';
import { purposesOf } from './plans.js';
import { declaring } from './purposes.js';
import { cancelBefore, responding } from './rewrite.js';
import { type Session, sessionsAt } from './sessions.js';
import { type Create, shapeOf } from './shape.js';
import { strangerIn } from './siblings.js';
import type { Source } from './load.js';

/** One finding, and what is done about it. */
export interface Step {
  readonly line: number;
  /** `left`: it is already marked, or no line is suitable for a mark. */
  readonly does: 'removed' | 'rewritten' | 'marked' | 'left';
  readonly what: string;
  readonly danger: Danger;
}

export interface Migration {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly edits: readonly Edit[];
  readonly steps: readonly Step[];
  /** The number of marks in the migrated file. */
  readonly marks: number;
}

/** What to do about one finding. */
type Deed =
  | { readonly does: 'removed'; readonly edits: readonly Edit[] }
  | { readonly does: 'rewritten'; readonly edits: readonly Edit[]; readonly session: Session; readonly purpose: string }
  | { readonly does: 'marked'; readonly words: string };

/** Plans the migration of one file. Changes nothing, and reads nothing but its arguments. */
export function migrationOf({ path, text, program }: Omit<Source, 'language'>): Migration {
  const file = fileOf(program, text);
  const draft = new Draft(file);
  for (const finding of findingsIn(file)) draft.take(finding);
  const edits = draft.finish();
  const after = applied(text, edits);
  return { path, before: text, after, edits, steps: draft.steps, marks: marksIn(after) };
}

class Draft {
  readonly #file: File;
  readonly #placeOf: ReturnType<typeof placesIn>;
  readonly #edits: Edit[] = [];
  readonly #lists = new Map<Node, Set<string>>();
  readonly #undeclared = new Set<string>();
  readonly #marked = new Set<Node>();
  readonly steps: Step[] = [];

  constructor(file: File) {
    this.#file = file;
    this.#placeOf = placesIn(file.text);
  }

  take(finding: Finding): void {
    const deed = deedFor(this.#file, finding, purposeFor(this.#file, finding.node));
    if (deed.does === 'marked' || this.#clashes(deed.edits)) {
      return this.#mark(finding, deed.does === 'marked' ? deed.words : markOf(finding, 'Two of them stand in one.'));
    }
    this.#edits.push(...deed.edits);
    const anchor = anchorOf(this.#file, finding.node);
    const stale = anchor && markAbove(this.#file.text, anchor);
    if (stale && !this.#clashes([stale])) this.#edits.push(stale);
    if (deed.does === 'rewritten') this.#declare(deed.session, deed.purpose, anchor);
    this.#note(finding, deed.does);
  }

  /** All edits, in order. Each list of purposes is changed by one edit. */
  finish(): readonly Edit[] {
    for (const [list, purposes] of this.#lists) {
      this.#edits.push(...declaring(this.#file.text, list, purposes));
    }
    return inOrder(this.#edits);
  }

  #clashes(edits: readonly Edit[]): boolean {
    return edits.some((one) => this.#edits.some((other) => clash(one, other)));
  }

  #declare(session: Session, purpose: string, anchor: Node | null): void {
    const list = purposesOf(this.#file, session.plan);
    if (list === 'any') return;
    if (list !== 'elsewhere') {
      this.#lists.set(list, (this.#lists.get(list) ?? new Set()).add(purpose));
    } else if (anchor && !this.#undeclared.has(purpose)) {
      this.#undeclared.add(purpose);
      this.#edits.push(marking(this.#file.text, anchor, declare(purpose)));
    }
  }

  #mark(finding: Finding, words: string): void {
    const { text } = this.#file;
    const anchor = anchorOf(this.#file, finding.node);
    if (!anchor || markAbove(text, anchor)) return this.#note(finding, 'left');
    if (!this.#marked.has(anchor)) this.#edits.push(marking(text, anchor, words));
    this.#marked.add(anchor);
    this.#note(finding, 'marked');
  }

  #note({ node, what, dangers: [danger = 'elsewhere'] }: Finding, does: Step['does']): void {
    this.steps.push({ line: this.#placeOf(spanOf(node)[0]).line, does, what, danger });
  }
}

const mark = (finding: Finding, words: string): Deed => ({ does: 'marked', words: markOf(finding, words) });

function deedFor(file: File, finding: Finding, purpose: string): Deed {
  if (finding.rule !== 'no-raw-response-create') return { does: 'marked', words: adviceFor[finding.rule] };
  const shape = shapeOf(file, finding);
  const create = typeof shape === 'string' ? null : shape;
  const followUp = followUpOf(file, finding.node, create);
  if (followUp === 'runner' && create?.statement && cancelBefore(file, create) === null) {
    const stranger = strangerIn(file, finding.node, null);
    if (stranger !== null) return mark(finding, advice.strangerInTool(stranger));
    return { does: 'removed', edits: [removal(file.text, spanOf(create.statement))] };
  }
  if (finding.dangers.includes('after hang-up')) return mark(finding, advice.hangup);
  if (followUp !== 'none') return mark(finding, toolAdvice[followUp]);
  return deedInReach(file, finding, shape, purpose);
}

/**
 * What to do about a create outside of tools: rewrite it if it is sent on the connection of the only session in reach.
 */
function deedInReach(file: File, finding: Finding, shape: Create | string, purpose: string): Deed {
  const sessions = sessionsAt(file, finding.node);
  const [first] = sessions;
  if (!first) return mark(finding, advice.noSession(purpose));
  const meant = sessions.filter((each) => strangerIn(file, finding.node, each) === null);
  const [session = first, ...others] = meant.length > 0 ? meant : sessions;
  if (others.length > 0) {
    return mark(finding, advice.several([...new Set(sessions.map(({ name }) => name))], purpose));
  }
  const stranger = strangerIn(file, finding.node, session);
  // The event that a helper of this file sends is known, whatever the helper is called.
  if (stranger !== null && (typeof shape !== 'string' || file.values.calledIn(finding.node))) {
    return mark(finding, advice.stranger(stranger, session.name, purpose));
  }
  if (typeof shape === 'string') return mark(finding, advice.byHand(session.name, purpose, shape));
  return rewriting(file, shape, session, purpose) ?? mark(finding, advice.cancel(purpose));
}

function rewriting(file: File, create: Create, session: Session, purpose: string): Deed | null {
  const cancel = cancelBefore(file, create);
  if (cancel === 'unclear') return null;
  const edits = responding(file, create, session.name, purpose, cancel);
  return { does: 'rewritten', edits, session, purpose };
}
