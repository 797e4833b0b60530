import type { GitHubAnswer, GitHubRequest, RouteContext } from './route.ts';

const defaultPerPage = 30;

/** Answers one page, with the Link header that leads to the others. */
export function answerPage(
  context: RouteContext,
  request: GitHubRequest,
  items: readonly unknown[],
): GitHubAnswer {
  const perPage = Math.min(Number(request.query.get('per_page') ?? defaultPerPage), 100);
  const page = Number(request.query.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (to: number, relation: string): string => {
    const query = new URLSearchParams(request.query);
    query.set('page', String(to));
    return `<${context.apiUrl}${request.path}?${query.toString()}>; rel="${relation}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev'), link(1, 'first')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
  ];
  return {
    status: 200,
    body: items.slice((page - 1) * perPage, page * perPage),
    ...(links.length === 0 ? {} : { headers: { link: links.join(', ') } }),
  };
}
