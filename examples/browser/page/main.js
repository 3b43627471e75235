/* global MODEL, URL_OF_SERVER */
import { openConversation } from './conversation.js';

const RATE = 24_000;
const button = document.querySelector('button');
const status = document.querySelector('[role=status]');

button.addEventListener('click', async () => {
  button.disabled = true;
  // A browser lets sound out only after a click.
  const speaker = speakerOf(new AudioContext({ sampleRate: RATE }));
  try {
    const session = await openConversation({ model: MODEL, keys: '/realtime-key', url: URL_OF_SERVER ?? undefined });
    session.on('audio', ({ bytes }) => speaker.play(bytes));
    session.on('cut', () => speaker.stop());
    session.on('fault', ({ message }) => (status.textContent = message));
    const mute = await listenTo((bytes) => session.appendAudio(bytes));
    status.textContent = 'The guide listens.';
    const { kind } = await session.closed;
    mute();
    status.textContent = `The conversation has ended: ${kind}.`;
  } catch (error) {
    status.textContent = error.message;
  } finally {
    button.disabled = false;
  }
});

/** Plays one piece after the other, until it is told to stop. */
function speakerOf(context) {
  let playing = [];
  let until = 0;
  return {
    play(bytes) {
      const samples = new Int16Array(bytes.slice().buffer);
      const buffer = context.createBuffer(1, samples.length, RATE);
      buffer.copyToChannel(
        Float32Array.from(samples, (sample) => sample / 32_768),
        0,
      );
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(context.destination);
      until = Math.max(until, context.currentTime);
      source.start(until);
      until += buffer.duration;
      playing.push(source);
      source.onended = () => (playing = playing.filter((each) => each !== source));
    },
    stop() {
      for (const source of playing) source.stop();
      until = 0;
    },
  };
}

const WORKLET = `registerProcessor('microphone', class extends AudioWorkletProcessor {
  process([[samples]]) {
    if (samples) this.port.postMessage(Int16Array.from(samples, (sample) => Math.max(-1, Math.min(1, sample)) * 32767));
    return true;
  }
});`;

/** Hands on what the microphone hears, as 16 bit at 24 kHz. Returns what turns it off. */
async function listenTo(heard) {
  const audio = { echoCancellation: true, noiseSuppression: true };
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const context = new AudioContext({ sampleRate: RATE });
  await context.audioWorklet.addModule(`data:text/javascript,${encodeURIComponent(WORKLET)}`);
  const microphone = new AudioWorkletNode(context, 'microphone');
  microphone.port.onmessage = ({ data }) => heard(new Uint8Array(data.buffer));
  context.createMediaStreamSource(stream).connect(microphone);
  return () => {
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
}
