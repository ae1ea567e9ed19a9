// verdict.mjs - what Lighthouse's result means: scores of 0 to 100, and for each below 100 the audits that cost it. Nothing here needs Lighthouse.
export const CATEGORIES = ['performance', 'accessibility', 'best-practices'];

export const scores = (lhr) => Object.fromEntries(CATEGORIES.map((c) => [c, Math.round((lhr.categories[c]?.score ?? 0) * 100)]));
export const perfect = (of) => CATEGORIES.every((c) => of[c] === 100);
export const line = (page, window, of) => `${page.padEnd(13)} ${window.padEnd(8)} ${CATEGORIES.map((c) => `${c} ${String(of[c]).padStart(3)}`).join('   ')}`;

const sum = (result) => Object.values(scores(result.lhr)).reduce((a, b) => a + b);
// Either may be missing.
export const better = (one, other) => (!other || (one && sum(one) >= sum(other)) ? one : other);

const where = (item) => item.node?.snippet || item.description || item.url || item.source?.url || '';

// “category: audit: what it is, how much, where” of everything that counts and is not perfect, the costly first.
export function costs(lhr) {
  return CATEGORIES.flatMap((c) => (lhr.categories[c]?.score === 1 ? [] : lhr.categories[c]?.auditRefs ?? []).filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
    .sort((a, b) => b.weight * (1 - lhr.audits[b.id].score) - a.weight * (1 - lhr.audits[a.id].score))
    .map(({ id }) => {
      const { title, displayValue, details } = lhr.audits[id], at = (details?.items ?? []).map(where).filter(Boolean).slice(0, 3);
      return `${c}: ${id}: ${title}${displayValue ? ` (${displayValue})` : ''}${at.length ? `: ${at.join(', ')}` : ''}`;
    }));
}
