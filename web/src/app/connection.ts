import { call } from '../api/client.ts';
import { Socket, type Transport } from '../api/socket.ts';
import { signIn } from './session.ts';

function dial(): Transport {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return new WebSocket(`${scheme}://${location.host}/ws/v1`) as unknown as Transport;
}

/** The tab's one socket. A refused upgrade hides its reason, so the question "still signed in?" is asked by HTTP. */
export const socket = new Socket(dial, () => {
  call('/api/campanile/v1/me').catch(() => undefined);
});

addEventListener('online', () => socket.hurry());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && signIn.identity.kind === 'in') socket.hurry();
});
