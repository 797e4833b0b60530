import { assemblies, takenAssemblies } from './asmdefs.ts';
import { binaryAssets, resourceFolders } from './assets.ts';
import { conflictMarkers } from './conflict-markers.ts';
import {
  availableDependencies,
  exactDependencies,
  stableDependencies,
  staleDependencies,
} from './dependencies.ts';
import { changedGuids, duplicateGuids, inventedGuids, takenGuids } from './guids.ts';
import { droppedFiles, emptyPackage, idleEntries, incompleteFiles } from './left-out.ts';
import { lfsPointers } from './lfs-pointers.ts';
import { duplicateLibraries } from './libraries.ts';
import { duplicateKeys, foreignRegistry, registryKeys, requiredTexts, scripts } from './manifest-fields.ts';
import { metaEncoding, metaGuids, missingMetas, orphanMetas } from './metas.ts';
import { forbiddenFiles, nestedPackages } from './packing.ts';
import { caseCollisions, illegalPaths, longPaths, symbolicLinks } from './paths.ts';
import { prereleaseOrder } from './prereleases.ts';
import { undeclaredReferences } from './references.ts';
import { executables, restrictedFiles } from './restricted-files.ts';
import type { Rule } from './rule.ts';
import { sampleEntries, visibleSamples } from './samples.ts';
import { secretFiles } from './secret-files.ts';
import { staleAttestation } from './signatures.ts';
import { largeFiles, largeTarball } from './sizes.ts';
import { changelogEntry, licenseFile, readmeFile } from './texts.ts';
import { patchDependencies, raisedUnity, unityVersion } from './unity-versions.ts';

/**
 * Every rule that looks at the packed files. A new rule is a new file, or a further rule in a file, and a line here.
 */
export const rules: readonly Rule[] = [
  missingMetas,
  orphanMetas,
  metaEncoding,
  metaGuids,
  duplicateGuids,
  takenGuids,
  changedGuids,
  inventedGuids,
  lfsPointers,
  secretFiles,
  duplicateKeys,
  prereleaseOrder,
  unityVersion,
  raisedUnity,
  requiredTexts,
  registryKeys,
  foreignRegistry,
  scripts,
  exactDependencies,
  availableDependencies,
  staleDependencies,
  stableDependencies,
  patchDependencies,
  sampleEntries,
  visibleSamples,
  emptyPackage,
  idleEntries,
  droppedFiles,
  incompleteFiles,
  forbiddenFiles,
  nestedPackages,
  symbolicLinks,
  caseCollisions,
  illegalPaths,
  longPaths,
  conflictMarkers,
  changelogEntry,
  licenseFile,
  readmeFile,
  assemblies,
  takenAssemblies,
  undeclaredReferences,
  duplicateLibraries,
  binaryAssets,
  resourceFolders,
  largeTarball,
  largeFiles,
  restrictedFiles,
  executables,
  staleAttestation,
];
