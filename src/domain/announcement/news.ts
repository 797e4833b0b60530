import { isSameTrouble } from '../job/mending.ts';
import type { Finding, PackageResult } from '../job/report.ts';
import { identityOf } from '../package/finding.ts';

/** What somebody has to say of a package that was not said the last time. */
export interface News {
  /** As it is announced: without warnings that an earlier job told already. */
  readonly result: PackageResult;
  /** It is excluded, and was not yet, or for another reason. */
  readonly isNewlyExcluded: boolean;
  /** A version that is not published because a newer commit was judged before, and of which that was not said yet. */
  readonly isNewlySuperseded: boolean;
}

/** Only of these it matters what was said before. */
export function mayBeOldNews(result: PackageResult): boolean {
  const { state, warnings, findings } = result;
  return state === 'excluded' || isLeftOut(result) || warnings.length > 0 || findings.length > 0;
}

/** It is absent from the registry, and stays so unless a person wants it. */
export function isLeftOut({ failure }: PackageResult): boolean {
  return failure?.reason === 'superseded' && failure.facts.version !== undefined;
}

/** `earlier`: what was last known of the same folder; undefined the first time. Pure. */
export function findNews(result: PackageResult, earlier: PackageResult | undefined): News {
  const announcedWarnings = new Set(earlier?.warnings);
  const announcedFindings = new Set(earlier?.findings.map(newsOf));
  const isNewlyExcluded =
    result.state === 'excluded' && !(earlier?.state === 'excluded' && earlier.note === result.note);
  return {
    result: {
      ...result,
      warnings: result.warnings.filter((warning) => !announcedWarnings.has(warning)),
      findings: result.findings.filter(
        (finding) => finding.severity !== 'warn' || !announcedFindings.has(newsOf(finding)),
      ),
    },
    isNewlyExcluded,
    isNewlySuperseded: isLeftOut(result) && !(earlier !== undefined && isSameTrouble(result, earlier)),
  };
}

/**
 * What makes two findings the same news. A repair is told by its file alone: after the first repaired version the same
 * gap also has a GUID that was published.
 */
function newsOf(finding: Finding): string {
  const { rule, file } = finding;
  return finding.loweredBy === 'repair' ? JSON.stringify(['repaired', rule, file]) : identityOf(finding);
}
