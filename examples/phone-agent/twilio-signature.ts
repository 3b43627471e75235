import { createHmac, timingSafeEqual } from 'node:crypto';

export type FormFields = Readonly<Record<string, string>>;

/**
 * Signs a request as Twilio does: HMAC-SHA1 over the address as Twilio knows it, and the form fields sorted by name. A
 * media stream is signed with its `wss:` address, without fields.
 */
export function twilioSignature(authToken: string, url: string, fields: FormFields = {}): string {
  const names = Object.keys(fields).sort();
  const signed = url + names.map((name) => `${name}${fields[name] ?? ''}`).join('');
  return createHmac('sha1', authToken).update(signed).digest('base64');
}

/** Whether Twilio sent this request. Takes the same time for right and wrong signatures. */
export function isFromTwilio(
  authToken: string,
  signature: string | string[] | undefined,
  url: string,
  fields: FormFields = {},
): boolean {
  if (typeof signature !== 'string') return false;
  const given = Buffer.from(signature);
  // Twilio signs some stream addresses with a slash at the end.
  return [url, `${url}/`].some((address) => {
    const right = Buffer.from(twilioSignature(authToken, address, fields));
    return given.length === right.length && timingSafeEqual(given, right);
  });
}
