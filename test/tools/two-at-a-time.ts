/** Processes items in order, two at a time. */
export async function twoAtATime<Each>(all: readonly Each[], perform: (each: Each) => Promise<void>): Promise<void> {
  const queue = all.values();
  const work = async (): Promise<void> => {
    for (const each of queue) await perform(each);
  };
  await Promise.all([work(), work()]);
}
