import { plan } from 'gated-realtime';

/** Written once: the server makes keys with it, and the page runs it. Whoever has the page can read it. */
export const museumPlan = plan({
  purposes: ['greeting'],
  session: {
    instructions: 'You are the guide at the entrance of a museum of clocks. Answer in one or two sentences.',
    audio: { input: { transcription: { model: 'gpt-4o-mini-transcribe' } } },
  },
});
