import { createHmac, randomUUID } from 'node:crypto';
import type { DeliveryState, GitHubState } from './state.ts';

export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
}

export interface WebhookSender {
  /** Where webhooks go; when undefined, deliveries are not even recorded. */
  target: WebhookTarget | undefined;
  /** Sends in the order of the calls. */
  send(event: string, payload: Readonly<Record<string, unknown>>): Promise<DeliveryState | undefined>;
  /** Sends the same body with the same guid again. */
  redeliver(id: number): Promise<DeliveryState>;
  /** Resolves when every delivery was sent or has failed. */
  settled(): Promise<void>;
}

const answerWithinMs = 10_000;

/** Signs and posts webhooks as GitHub does: once, without a retry. */
export function buildWebhookSender(state: GitHubState): WebhookSender {
  let queue: Promise<unknown> = Promise.resolve();

  async function post(
    delivery: Omit<DeliveryState, 'id' | 'statusCode' | 'deliveredAtMs'>,
  ): Promise<DeliveryState> {
    const statusCode = sender.target === undefined ? 0 : await postOnce(sender.target, delivery);
    const sent = { ...delivery, id: state.nextId(), deliveredAtMs: state.now(), statusCode };
    state.deliveries.push(sent);
    return sent;
  }

  async function inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  }

  const sender: WebhookSender = {
    target: undefined,
    send: async (event, payload) => {
      if (sender.target === undefined) return undefined;
      const { action } = payload;
      return inOrder(async () =>
        post({
          guid: randomUUID(),
          event,
          action: typeof action === 'string' ? action : null,
          body: JSON.stringify(payload),
          isRedelivery: false,
        }),
      );
    },
    redeliver: async (id) => {
      const first = state.deliveries.find((delivery) => delivery.id === id);
      if (first === undefined) throw new Error(`there was no delivery ${id}`);
      const { guid, event, action, body } = first;
      return inOrder(async () => post({ guid, event, action, body, isRedelivery: true }));
    },
    settled: async () => {
      await queue;
    },
  };
  return sender;
}

async function postOnce(
  target: WebhookTarget,
  delivery: { readonly guid: string; readonly event: string; readonly body: string },
): Promise<number> {
  const signature = createHmac('sha256', target.secret).update(delivery.body).digest('hex');
  try {
    const response = await fetch(target.url, {
      method: 'POST',
      body: delivery.body,
      signal: AbortSignal.timeout(answerWithinMs),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'GitHub-Hookshot/0000000',
        'x-github-delivery': delivery.guid,
        'x-github-event': delivery.event,
        'x-hub-signature-256': `sha256=${signature}`,
      },
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}
