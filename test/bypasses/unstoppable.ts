/**
 * The attempts that compile and get their response, each with the reason why the library cannot stop it: a connection
 * of its own, a changed process, or an option whose purpose it is.
 */
export const unstoppable: Readonly<Record<string, string>> = {
  // A connection of its own.
  'transports-and-sockets/second-line':
    'It is a connection of somebody’s own, with a session of its own at the server.',
  'transports-and-sockets/sdk-socket': 'It is a connection of somebody’s own, with a session of its own at the server.',
  'transports-and-sockets/wrapped-transport':
    'Whoever writes the transport owns the connection. The session hands its line to nobody.',
  'transports-and-sockets/rewriting-transport': 'Whoever writes the transport decides what is written to the network.',
  'transports-and-sockets/lying-transport':
    'The session knows the caller only by what its transport reports. The record says that the request was admitted.',
  'transports-and-sockets/handles-of-the-process': 'Node lists the sockets of the process to everyone who runs in it.',
  // A changed process.
  'transports-and-sockets/patched-socket': 'Whoever patches `ws` writes in its place.',
  'prototypes/patched-stringify': 'Whoever patches `JSON` writes what is sent.',
  'prototypes/patched-parse': 'Whoever patches `JSON` decides what is read when an event is checked.',
  'prototypes/patched-map': 'Whoever patches the language’s own objects changes every program that uses them.',
  'prototypes/polluted-to-json': 'Whoever puts functions on `Object.prototype` is asked by `JSON` at every write.',
  // Options of the program's, which the gate must obey.
  'levers/override-by-name': 'It is what `override` is for. The record names the guard.',
  'levers/loop-override': 'It is what `override` is for. The record names the guard.',
  'levers/button-released': 'With `userTurn()` the program itself says when the caller speaks.',
  'levers/clears-the-buffer':
    'The server confirms that it has forgotten the speech, and reports no end of it. If the caller goes on, it reports a new beginning.',
  'levers/commits-the-buffer':
    'The server confirms that the turn has ended. If the caller goes on, it reports a new one.',
  'levers/detection-off': 'Without detection nobody but the program knows whether the caller speaks: `userTurn()`.',
  'levers/tiny-turn': 'The plan itself says after how long a turn counts as over.',
  'levers/clock': 'Whoever owns the clock decides when a deadline has passed.',
  'levers/text-out-of-band': 'Nobody hears text beside the conversation, so no guard about speech is asked.',
};
