const ATTACHMENT = /^\/api\/campanile\/v1\/notebooks\/\d{1,16}\/attachments\/[0-9a-f]{64}$/;

/** The only address of the API that the content of a notebook may make the page ask for. */
export function isAttachment(address: string): boolean {
  return ATTACHMENT.test(address);
}
