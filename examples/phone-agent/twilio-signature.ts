import { createHmac, timingSafeEqual } from 'node:crypto';

export type FormFields = Readonly<Record<string, string>>;

/**
 * How Twilio signs what it sends: HMAC-SHA1 over the address as Twilio knows it, and the fields of the form in the order
 * of their names. A media stream is signed over its `wss:` address, without fields.
 */
export function twilioSignature(authToken: string, url: string, fields: FormFields = {}): string {
  const names = Object.keys(fields).sort();
  const signed = url + names.map((name) => `${name}${fields[name] ?? ''}`).join('');
  return createHmac('sha1', authToken).update(signed).digest('base64');
}

/** Whether Twilio, and nobody else, has sent this. Takes as long for a wrong signature as for the right one. */
export function isFromTwilio(
  authToken: string,
  signature: string | string[] | undefined,
  url: string,
  fields: FormFields = {},
): boolean {
  if (typeof signature !== 'string') return false;
  const given = Buffer.from(signature);
  // Twilio signs some addresses of streams with a slash at their end.
  return [url, `${url}/`].some((address) => {
    const right = Buffer.from(twilioSignature(authToken, address, fields));
    return given.length === right.length && timingSafeEqual(given, right);
  });
}
