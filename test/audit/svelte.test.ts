import { describe, expect, it } from 'vitest';
import { auditFiles, findingsOf } from './auditing.js';

describe('a Svelte component', () => {
  it('is read in its scripts', async () => {
    const text = [
      '<script module lang="ts">',
      `  export const CREATE: string = 'response.create';`,
      '</script>',
      '<script lang="ts">',
      '  function greet(): void {',
      '    dc.send(JSON.stringify({ type: CREATE }));',
      '  }',
      '</script>',
    ].join('\n');
    expect(await findingsOf('a.svelte', text)).toEqual(['6 text dc.send in greet']);
  });

  it('is read in its markup', async () => {
    const text = [
      `<button onclick={() => dc.send({ type: 'response.create' })}>Go</button>`,
      `{#if ready}`,
      `  <button on:click={() => dc.send({ type: 'response.create' })}>Go</button>`,
      `{/if}`,
      `{#each all as each}<Talk event={{ type: 'response.create' }} />{/each}`,
    ].join('\n');
    expect(await findingsOf('a.svelte', text)).toEqual([
      '1 event dc.send in onclick',
      '3 event dc.send in on:click',
      '5 built response.create in –',
    ]);
  });

  it('is unread where it does not parse', async () => {
    const { unread } = await auditFiles({ 'a.svelte': `<script>\nconst = 'response.create'\n</script>` });
    expect(unread).toMatchObject([{ path: 'a.svelte', line: 2 }]);
  });
});
