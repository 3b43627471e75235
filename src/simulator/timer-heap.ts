export interface Timer {
  readonly at: number;
  readonly sequence: number;
  readonly run: () => void;
  /** `background`: runs when its time comes, but does not make virtual time run. */
  readonly ground: 'foreground' | 'background';
  state: 'pending' | 'over';
}

const isBefore = (left: Timer, right: Timer): boolean =>
  left.at < right.at || (left.at === right.at && left.sequence < right.sequence);

/** Adds a timer to a binary heap, whose first entry is the soonest. */
export function pushTimer(heap: Timer[], timer: Timer): void {
  let place = heap.push(timer) - 1;
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above];
    if (!parent || !isBefore(timer, parent)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = timer;
}

export function popTimer(heap: Timer[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let place = 0;
  for (;;) {
    let below = 2 * place + 1;
    const left = heap[below];
    const right = heap[below + 1];
    if (left && right && isBefore(right, left)) below += 1;
    const child = heap[below];
    if (!child || !isBefore(child, last)) break;
    heap[place] = child;
    place = below;
  }
  heap[place] = last;
}
