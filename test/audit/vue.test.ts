import { describe, expect, it } from 'vitest';
import { auditFiles, described, findingsOf } from './auditing.js';

describe('a Vue component', () => {
  it('is read in both scripts', async () => {
    const text = [
      '<script lang="ts">',
      `export const CREATE: string = 'response.create';`,
      '</script>',
      '<script setup lang="ts">',
      'function greet(): void {',
      '  dc.send(JSON.stringify({ type: CREATE }));',
      '}',
      '</script>',
      '<template><p>{{ greet }}</p></template>',
    ].join('\n');
    expect(await findingsOf('a.vue', text)).toEqual(['6 text dc.send in greet']);
  });

  it('is read in the handlers of its template', async () => {
    const text = [
      '<template>',
      `  <button @click="dc.send({ type: 'response.create' })">Go</button>`,
      `  <button @click.once="stop(); dc.send({ type: 'response.create' })">Go</button>`,
      `  <Talk v-for="each in all" :key="each" :event="{ type: 'response.create' }" />`,
      '</template>',
    ].join('\n');
    expect(await findingsOf('a.vue', text)).toEqual([
      '2 event dc.send in @click',
      '3 event dc.send in @click.once',
      '4 built response.create in –',
    ]);
  });

  it('is read without a script, and with CRLF', async () => {
    const text = `<template>\r\n  <b @click="dc.send({ type: 'response.create' })" />\r\n</template>\r\n`;
    expect(await findingsOf('a.vue', text)).toEqual(['2 event dc.send in @click']);
  });

  it.each([
    ['a script that does not parse', `<script>\nconst = 'response.create'\n</script>`],
    ['a handler that does not parse', `<template><b @click="send('response.create'" /></template>`],
    ['a template in another language', `<template lang="pug">\nb(@click="send('response.create')")\n</template>`],
  ])('is unread with %s', async (_, text) => {
    expect((await auditFiles({ 'a.vue': text })).unread).toHaveLength(1);
  });

  const script = `<script setup>\nconst greet = () => dc.send({ type: 'response.create' });\n</script>\n`;
  it.each([
    ['a template in another language', `<template lang="pug">\nb(@click="greet()")\n</template>`, 4],
    ['a handler that does not parse', `<template>\n<b @click="send('response.create'" />\n</template>`, 5],
    ['a tag without an end', `<template>\n<b>\n</template>`, 5],
  ])('is read but for %s, which is listed as unread', async (_, template, line) => {
    const { findings, unread } = await auditFiles({ 'a.vue': script + template });
    expect(findings.map(described)).toEqual(['2 event dc.send in greet']);
    expect(unread).toMatchObject([{ path: 'a.vue', line }]);
  });
});
