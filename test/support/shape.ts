import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';

setFlagsFromString('--allow-natives-syntax');

/** Whether V8 keeps an object as one of a hidden class, and not as a dictionary. */
export const hasShape = runInThisContext('(value) => %HasFastProperties(value)') as (value: object) => boolean;
