/** The capability's brand, and the files behind the front doors: out of reach. */
// @ts-expect-error: has no exported member
import { issuedBySession as fromRoot } from 'gated-realtime';
// @ts-expect-error: has no exported member
import { issuedBySession as fromWs } from 'gated-realtime/ws';
// @ts-expect-error: has no exported member
import { issuedBySession as fromSimulator } from 'gated-realtime/simulator';
// @ts-expect-error: Cannot find module
import * as contract from 'gated-realtime/dist/contract.js';
// @ts-expect-error: Cannot find module
import * as issuer from 'gated-realtime/src/session/respond.js';

void [fromRoot, fromWs, fromSimulator, contract, issuer];
