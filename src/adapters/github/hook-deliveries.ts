import type { HookDeliveries, HookDelivery } from '../../ports/hook-deliveries.ts';
import type { AppCalls } from './credentials.ts';

const perPage = 100;
/** A day of a large organisation; what is older waits for the next time. */
const maxPages = 20;

/** The App's webhooks through GitHub's API. */
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
          all.push(...data.map(toDelivery));
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

interface Shown {
  readonly id: number;
  readonly guid: string;
  readonly delivered_at: string;
  readonly status_code: number;
}

function toDelivery({ id, guid, delivered_at, status_code }: Shown): HookDelivery {
  const isDelivered = status_code >= 200 && status_code < 300;
  return { id, delivery: guid, at: Date.parse(delivered_at), isDelivered };
}
