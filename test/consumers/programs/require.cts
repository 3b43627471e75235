import gated = require('gated-realtime');

const made: typeof gated.tool = gated.tool;
void made;
