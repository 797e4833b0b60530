import { z } from 'zod';
import type { HookDeliveries, HookDelivery } from '../../ports/github.ts';
import { readShape } from './answers.ts';
import type { AppCalls } from './credentials.ts';

const perPage = 100;
/** Enough for a day of a large organisation; older deliveries are left for the next call. */
const maxPages = 20;

/** HookDeliveries on GitHub's API for the App's webhooks. */
export function buildHookDeliveries(app: AppCalls): HookDeliveries {
  return {
    list: async (since, signal) => {
      const found = await app.asApp(signal, async ({ octokit, options }) => {
        const all: HookDelivery[] = [];
        const pages = octokit.paginate.iterator(octokit.rest.apps.listWebhookDeliveries, {
          ...options,
          per_page: perPage,
        });
        let page = 0;
        for await (const { data } of pages) {
          all.push(...readShape(deliveriesShape, data).map(toDelivery));
          if (++page >= maxPages || all.some(({ at }) => at < since)) break;
        }
        return all;
      });
      return (found ?? []).filter(({ at }) => at >= since);
    },
    redeliver: async (id, signal) => {
      await app.asApp(signal, async ({ octokit, options }) =>
        octokit.rest.apps.redeliverWebhookDelivery({ ...options, delivery_id: id }),
      );
    },
  };
}

const deliveryShape = z.object({
  id: z.int(),
  guid: z.string(),
  delivered_at: z.string(),
  status_code: z.int(),
});
const deliveriesShape = z.array(deliveryShape);

function toDelivery({ id, guid, delivered_at, status_code }: z.infer<typeof deliveryShape>): HookDelivery {
  const isDelivered = status_code >= 200 && status_code < 300;
  return { id, delivery: guid, at: Date.parse(delivered_at), isDelivered };
}
